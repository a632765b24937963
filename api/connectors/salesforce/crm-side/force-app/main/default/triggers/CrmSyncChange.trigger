/** In a transaction of its own, after the user's has been committed: here callouts may be queued, and nobody waits. */
trigger CrmSyncChange on CRM_Sync_Change__e (after insert) {
    List<CrmSyncSender.Delivery> deliveries = new List<CrmSyncSender.Delivery>();
    for (CRM_Sync_Change__e change : Trigger.new) {
        deliveries.add(new CrmSyncSender.Delivery(change.Delivery_Id__c, change.Body__c));
    }
    try {
        System.enqueueJob(new CrmSyncSender(deliveries));
    } catch (Exception problem) {
        // The platform gives the same events once more, later. After that the next scheduled run of CRM Sync brings what was missed.
        if (EventBus.TriggerContext.currentContext().retries < 4) {
            throw new EventBus.RetryableException('CRM Sync: no job can be queued now');
        }
        System.debug(LoggingLevel.ERROR, 'CRM Sync: ' + deliveries.size() + ' deliveries are left to the next run: ' + problem.getTypeName());
    }
}
