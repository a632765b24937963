/**
 * Tells CRM Sync which account or contact has changed: its sys_id and no more. CRM Sync reads the record back itself.
 *
 * The business rules only put an event into the event queue. It is sent by a script action, in a process of its own: whoever saves a
 * record never waits for CRM Sync, and nothing of theirs can fail because of it.
 */
var CrmSync = Class.create();
CrmSync.prototype = {
  initialize: function () {},

  /** Before the second attempt, the third and so on: together a little more than an hour. What is given up, the next scheduled run finds. */
  delaysSeconds: [30, 120, 600, 1200, 2400],

  timeoutMs: 10000,

  /** Called by the business rules. `table` is the one that the rule is on, whatever class the record is of. */
  announce: function (record, table, operation) {
    try {
      this._queue(record, [operation, table, record.getUniqueValue(), this._now()], gs.generateGUID(), 1, null);
    } catch (problem) {
      // Not what it says: that may be what is in the record.
      gs.error('CRM Sync: a change of ' + table + ' is left to the next run');
    }
  },

  /** Called by the script action, with what `announce` put into the event. */
  deliver: function (what, which) {
    var parts = what.split(' ');
    var change = { operation: parts[0], table: parts[1], sys_id: parts[2], occurredAt: Number(parts[3]) };
    var id = which.split(' ')[0];
    var attempt = Number(which.split(' ')[1]);
    var status = this._post('sn_' + id, JSON.stringify(change));
    if (status >= 200 && status < 300) return;
    var delaySeconds = this.delaysSeconds[attempt - 1];
    if (!this._isWorthAnother(status) || delaySeconds === undefined) {
      gs.error('CRM Sync: a change of ' + change.table + ' is left to the next run, after HTTP ' + status);
      return;
    }
    var record = new GlideRecord(change.table);
    record.get(change.sys_id);
    var when = new GlideDateTime();
    when.addSeconds(delaySeconds);
    this._queue(record, parts, id, attempt + 1, when);
  },

  /** What Standard Webhooks 1.0 wants (https://www.standardwebhooks.com); the secret is `whsec_` and base64 of the key. */
  signatureOf: function (secret, id, timestampSeconds, body) {
    var signed = id + '.' + timestampSeconds + '.' + body;
    return 'v1,' + new GlideCertificateEncryption().generateMac(secret.replace(/^whsec_/, ''), 'HmacSHA256', signed);
  },

  /** The HTTP status; 0 when there was no answer. */
  _post: function (id, body) {
    try {
      var secret = this._secret();
      if (!secret) {
        gs.error('CRM Sync: there are no credentials with the name CRM Sync signing secret');
        return 401;
      }
      var timestampSeconds = String(Math.floor(this._now() / 1000));
      var message = new sn_ws.RESTMessageV2('CRM Sync', 'Deliver');
      message.setHttpTimeout(this.timeoutMs);
      message.setRequestHeader('webhook-id', id);
      message.setRequestHeader('webhook-timestamp', timestampSeconds);
      message.setRequestHeader('webhook-signature', this.signatureOf(secret, id, timestampSeconds, body));
      message.setRequestBody(body);
      return Number(message.execute().getStatusCode());
    } catch (problem) {
      return 0;
    }
  },

  _isWorthAnother: function (status) {
    return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
  },

  /** A password field that ServiceNow keeps encrypted, and gives in clear to scripts alone. */
  _secret: function () {
    var credentials = new GlideRecord('basic_auth_credentials');
    credentials.addQuery('name', 'CRM Sync signing secret');
    credentials.addActiveQuery();
    credentials.setLimit(1);
    credentials.query();
    if (!credentials.next()) return '';
    return String(new sn_cc.StandardCredentialsProvider().getCredentialByID(credentials.getUniqueValue()).getAttribute('password') || '');
  },

  /** Both parameters of an event are short texts: ids fit, a body would not. */
  _queue: function (record, parts, id, attempt, when) {
    var what = parts.join(' ');
    var which = id + ' ' + attempt;
    if (when) gs.eventQueueScheduled('crm_sync.change', record, what, which, when);
    else gs.eventQueue('crm_sync.change', record, what, which);
  },

  _now: function () {
    return Number(new GlideDateTime().getNumericValue());
  },

  type: 'CrmSync',
};
