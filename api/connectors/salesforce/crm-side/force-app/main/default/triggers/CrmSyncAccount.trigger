trigger CrmSyncAccount on Account (after insert, after update, after delete, after undelete) {
    CrmSyncChanges.announce('Account', Trigger.operationType, Trigger.isDelete ? Trigger.old : Trigger.new);
}
