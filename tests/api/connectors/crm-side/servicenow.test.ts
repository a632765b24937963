import { Linter } from 'eslint';
import { readXml, type XmlNode } from '../../../solution/support/read-xml.ts';
import { scriptNamed, scripts, startInstance } from './servicenow-instance.ts';
import { address, golden, judge, openInBox, printed } from './support.ts';

/** Of the update set: every record with its fields, read out of its payload as ServiceNow does. */
const recordsIn = (xml: string): readonly { readonly table: string; readonly fields: Readonly<Record<string, string>> }[] => {
  const payloads = [...xml.matchAll(/<payload><!\[CDATA\[([\s\S]*?)\]\]><\/payload>/g)].map(([, payload = '']) => readXml(payload));
  return payloads.map((update) => {
    const [record] = update.children;
    const fields = Object.fromEntries((record?.children ?? []).map(({ name, text }: XmlNode) => [name, text]));
    return { table: update.attributes.table ?? '', fields };
  });
};

const updateSet = async (place = address): Promise<string> => {
  const { files } = await printed('servicenow', place);
  expect(files.map(({ path }) => path)).toEqual(['update-set.xml']);
  return files[0]?.text ?? '';
};

const sysId = 'a'.repeat(32);

describe('what is imported into ServiceNow', () => {
  it('is scripts in the JavaScript of 2009, which all that an instance runs understands, and that use nothing unknown', () => {
    expect(scripts.length).toBe(4);
    const known = [
      'Class',
      'gs',
      'GlideDateTime',
      'GlideRecord',
      'GlideCertificateEncryption',
      'sn_ws',
      'sn_cc',
      'current',
      'previous',
      'event',
      'CrmSync',
    ];
    const linter = new Linter();
    const lint = (text: string) =>
      linter.verify(text, {
        languageOptions: { ecmaVersion: 5, sourceType: 'script', globals: Object.fromEntries(known.map((name) => [name, 'writable'])) },
        rules: {
          'no-undef': 'error',
          'no-dupe-keys': 'error',
          'no-unreachable': 'error',
          'no-unused-expressions': 'error',
          eqeqeq: 'error',
        },
      });
    for (const { name, text } of scripts) expect({ name, problems: lint(text) }).toEqual({ name, problems: [] });
    expect(lint('const a = 1;')).not.toEqual([]);
    expect(lint('GlideRecod();')).not.toEqual([]);
  });

  it('is an update set: well-formed, each script in it as it was written, and the address in its REST message', async () => {
    const odd = `https://sync.example.com/a'b&c"/webhooks/crm`;
    const xml = await updateSet(odd);
    // What is around the payloads: CDATA is text to it.
    const outside = readXml(xml.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''));
    expect(outside.name).toBe('unload');
    const records = recordsIn(xml);
    const of = (table: string) => records.filter((record) => record.table === table).map(({ fields }) => fields);
    expect(of('sys_rest_message').map(({ rest_endpoint }) => rest_endpoint)).toEqual([odd]);
    expect(of('sys_rest_message_fn')).toMatchObject([{ function_name: 'Deliver', http_method: 'post', rest_endpoint: odd }]);
    expect(of('sys_rest_message_fn')[0]?.rest_message).toBe(of('sys_rest_message')[0]?.sys_id);
    expect(of('sys_script_include')).toMatchObject([{ name: 'CrmSync', script: scriptNamed('crm-sync.js'), active: 'true' }]);
    expect(of('sysevent_register')).toMatchObject([{ event_name: 'crm_sync.change' }]);
    expect(of('sysevent_script_action')).toMatchObject([
      { event_name: 'crm_sync.change', script: scriptNamed('script-action.js'), active: 'true' },
    ]);
    expect(of('sys_script')).toMatchObject(
      ['account', 'contact'].map((what) => ({
        collection: `customer_${what}`,
        script: scriptNamed(`rule-customer-${what}.js`),
        when: 'after',
        active: 'true',
        action_insert: 'true',
        action_update: 'true',
        action_delete: 'true',
        abort_action: 'false',
      })),
    );
    const ids = records.map(({ fields }) => fields.sys_id);
    expect(new Set(ids).size).toBe(records.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    // Two sources of one instance would overwrite each other’s records anyway; a second import of the same must.
    expect(await updateSet(odd)).toBe(xml);
  });

  it('tells of insert, update and delete, signed as the door wants it, with the sys_id and nothing else of the record', async () => {
    const nowMs = Date.UTC(2026, 10, 26);
    const instance = startInstance({ nowMs });
    const connector = await openInBox('servicenow', { settings: { webhookSecret: golden.secret }, nowMs });
    const told: unknown[] = [];
    for (const [table, operation] of [
      ['customer_account', 'insert'],
      ['customer_account', 'delete'],
      ['customer_contact', 'update'],
      ['customer_contact', 'delete'],
    ] as const) {
      instance.change(table, operation, sysId);
      // Nothing is posted while somebody saves.
      expect(instance.messages).toEqual([]);
      instance.processEvent();
      const [message] = instance.messages.splice(0);
      if (message === undefined) throw new Error('nothing was posted');
      const { trust, events } = judge(connector, message, nowMs);
      told.push({ trust, ...events[0] });
      expect(Object.keys(JSON.parse(message.body) as object)).toEqual(['operation', 'table', 'sys_id', 'occurredAt']);
      expect(() => judge(connector, { ...message, body: `${message.body} ` }, nowMs)).toThrow();
    }
    expect(told).toMatchObject([
      { trust: 'full', table: 'account', action: 'upsert', recordIds: [sysId] },
      { trust: 'full', table: 'account', action: 'delete', recordIds: [sysId] },
      { trust: 'full', table: 'contact', action: 'upsert', recordIds: [sysId] },
      { trust: 'full', table: 'contact', action: 'delete', recordIds: [sysId] },
    ]);
  });

  it('gives the published signature for the published delivery', () => {
    expect(startInstance().signatureOf(golden.secret, golden.id, String(golden.timestampSeconds), golden.body)).toBe(golden.signature);
  });

  it.each([['none'], [500], [503], [429], [408]] as const)('tries again later, under the same id, when the answer is %s', (answer) => {
    const instance = startInstance({ answers: [answer, 202] });
    instance.change('customer_account', 'update', sysId);
    instance.processEvent();
    expect(instance.processEvent()).toMatchObject({ name: 'crm_sync.change', inSeconds: 30 });
    expect(instance.events).toEqual([]);
    const [first, second] = instance.messages;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(instance.log).toEqual([]);
  });

  it('gives up after six attempts, and at once what is refused for good; its log holds no id and no name', () => {
    const down = startInstance({ answers: Array.from({ length: 20 }, () => 503) });
    down.change('customer_contact', 'update', sysId);
    const waits: number[] = [];
    while (down.events.length > 0) waits.push(down.processEvent().inSeconds);
    expect(waits).toEqual([0, 30, 120, 600, 1200, 2400]);
    const refused = startInstance({ answers: [401] });
    refused.change('customer_contact', 'update', sysId);
    refused.processEvent();
    const secretless = startInstance({ secret: '' });
    secretless.change('customer_contact', 'update', sysId);
    secretless.processEvent();
    for (const { events, log } of [down, refused, secretless]) {
      expect(events).toEqual([]);
      expect(log.length).toBeGreaterThan(0);
      expect(log.join()).not.toContain(sysId);
    }
    expect(secretless.messages).toEqual([]);
  });

  it('never fails the transaction of whoever saves, nor says in the log what was in the record', () => {
    const instance = startInstance();
    instance.breakQueue();
    expect(() => instance.change('customer_account', 'insert', sysId)).not.toThrow();
    expect(instance.log).toEqual(['CRM Sync: a change of customer_account is left to the next run']);
  });

  it('fits the texts of an event, which ServiceNow cuts at 255 signs', () => {
    const instance = startInstance();
    instance.change('customer_contact', 'update', sysId);
    const [event] = instance.events;
    expect(Math.max(event?.parm1.length ?? 999, event?.parm2.length ?? 999)).toBeLessThan(100);
  });
});
