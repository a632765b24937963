(function executeRule(current, previous) {
  new CrmSync().announce(current, 'customer_contact', String(current.operation()));
})(current, previous);
