trigger CrmSyncContact on Contact (after insert, after update, after delete, after undelete) {
    CrmSyncChanges.announce('Contact', Trigger.operationType, Trigger.isDelete ? Trigger.old : Trigger.new);
}
