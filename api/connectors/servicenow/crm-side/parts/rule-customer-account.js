(function executeRule(current, previous) {
  new CrmSync().announce(current, 'customer_account', String(current.operation()));
})(current, previous);
