/**
 * Whatever a client sends, Dataverse answers: what is wrong gets a status from 400 on with an error in the body, and never a 500
 * (webapi/compose-http-requests-handle-errors.md, "Identify status codes" and "Parse errors from the response").
 */
import * as fc from 'fast-check';
import { type Answer, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { batchHeaders } from '../batch-text.ts';
import { pages } from './pages.ts';

const runs = { numRuns: 150 } as const;

/** Pieces that queries are made of, put together without sense. */
const pieces = [
  ...['name', 'revenue', 'accountid', 'createdon', 'parentaccountid/name', 'primarycontactid', '_ownerid_value', 'nosuch', 'c/lastname'],
  ...['eq', 'ne', 'gt', 'in', 'has', 'and', 'or', 'not', 'asc', 'desc', 'with', 'sum', 'as', 'x'],
  ...['(', ')', '((', '))', ',', ';', ':', '=', '/', "'", "''", '"', '[', ']', '[^', '{', '}', '@p1', '$it', '%', '_', '-', '\\', '*'],
  ...["'text'", '5', '-1.5e9', '1e400', 'null', 'true', '2026-01-31', '2026-99-99', '2026-01-31T08:00:00Z', '9999-12-31T23:59:59-14:00'],
  ...['00000000-0000-0000-0000-000000000001', 'contains(', 'startswith(name,', 'tolower(', "contains(name,'[z-a]')", 'any(', 'all(c:'],
  ...['contact_customer_accounts/any(c:', 'Account_Tasks/all(t:t/subject eq null)', 'systemuserroles_association'],
  ...["Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=", "Microsoft.Dynamics.CRM.In(PropertyName='name',"],
  ...["PropertyValues=['a'", "Microsoft.Dynamics.CRM.Under(PropertyName='accountid',PropertyValue='x')", 'Microsoft.Dynamics.CRM.Today()'],
  ...['$select=', '$filter=', '$expand=', '$top=', '$count', '$ref', 'primarycontactid($select=', 'Contact_Tasks($top=1;$expand='],
  ...['groupby((', 'aggregate(', '$count as n', 'filter(', '__proto__', 'constructor', '😀', '\u0000', '\uFFFF', 'İ'],
];
const nonsense = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).chain((words) => fc.constantFrom(words.join(' '), words.join('')));
const anyText = fc.oneof(nonsense, fc.string({ maxLength: 40 }), fc.string({ maxLength: 40, unit: 'grapheme' }));

/** Queries that are right, of every kind, to be broken in one place. */
const rightQueries: readonly (readonly [string, string])[] = [
  ['$filter', "contains(name,'[a-c]%x_') and not (revenue gt 5 or parentaccountid/name eq 'O''Brien')"],
  ['$filter', "Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['A','B']) or createdon ge 2026-01-31T08:00:00Z"],
  ['$filter', "Microsoft.Dynamics.CRM.Between(PropertyName='createdon',PropertyValues=['2026-01-31','2026-02-01'])"],
  ['$filter', "Microsoft.Dynamics.CRM.LastXYears(PropertyName='createdon',PropertyValue=99999)"],
  ['$filter', "Microsoft.Dynamics.CRM.NextXMonths(PropertyName='createdon',PropertyValue='100000')"],
  ['$filter', "Microsoft.Dynamics.CRM.InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=4,PropertyValue2=9999)"],
  ['$filter', "Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='createdon',PropertyValue='9999-12-31')"],
  ['$filter', "Microsoft.Dynamics.CRM.UnderOrEqual(PropertyName='accountid',PropertyValue='00000000-0000-0000-0000-000000000001')"],
  ['$filter', "contact_customer_accounts/any(c:c/lastname eq 'X' and c/Contact_Tasks/all(t:t/statecode eq 1)) and Account_Tasks/any()"],
  ['$expand', "primarycontactid($select=fullname;$expand=Contact_Tasks($select=subject;$filter=subject ne 'a;b'))"],
  ['$expand', 'Account_Tasks($select=subject;$orderby=createdon desc;$top=2),primarycontactid/$ref'],
  ['$apply', "filter(name ne 'x')/groupby((statuscode,primarycontactid/fullname),aggregate(revenue with sum as total,$count as n))"],
  ['$orderby', 'revenue desc,_primarycontactid_value,parentaccountid/name asc'],
  [
    'fetchXml',
    '<fetch count="2" page="1" distinct="true"><entity name="account"><attribute name="name" alias="n"/><order attribute="name"/>' +
      '<filter type="or"><condition attribute="createdon" operator="last-x-days" value="5"/><condition entityname="c" attribute="lastname" ' +
      'operator="like" value="[z-a]%"/></filter><link-entity name="contact" from="parentcustomerid" to="accountid" alias="c" ' +
      'link-type="outer"><attribute name="fullname"/></link-entity></entity></fetch>',
  ],
  [
    'fetchXml',
    '<fetch aggregate="true" top="5"><entity name="account"><attribute name="revenue" aggregate="avg" alias="a"/>' +
      '<attribute name="statuscode" groupby="true" alias="s"/><order alias="s" descending="true"/></entity></fetch>',
  ],
];

/** One stretch of the text taken out, and something else put there. */
function broken(text: string, at: number, length: number, piece: string): string {
  const start = at % (text.length + 1);
  return `${text.slice(0, start)}${piece}${text.slice(start + length)}`;
}

describe(pages.compose, () => {
  let dataverse: TestDataverse;
  let accountId = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    accountId = await dataverse.create('accounts', { name: 'A', primarycontactid: { lastname: 'X' }, Account_Tasks: [{ subject: 'T' }] });
  });
  afterAll(() => dataverse.close());

  /** Fine or refused, and a refusal says why. */
  function expectDocumented(answer: Answer, request: unknown): void {
    const isDocumented = answer.status < 500 || answer.status === 501;
    const hasError = answer.status < 400 || (typeof answer.json.error === 'object' && answer.error.message !== '');
    expect([request, answer.status, isDocumented, hasError]).toEqual([request, answer.status, true, true]);
  }

  async function send(method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const answer = await dataverse.call(method, path, { ...(body === undefined ? {} : { body }), headers });
    // A batch's refusals are in its parts.
    if (path !== '$batch') expectDocumented(answer, [method, path, body]);
    else
      expect([body, answer.status < 500 || answer.status === 501, / 50[0-8] /.test(answer.text.replaceAll(' 501 ', ''))]).toEqual([
        body,
        true,
        false,
      ]);
  }

  it.each(['$filter', '$expand', '$select', '$orderby', '$apply', '$top', '$count', '$skiptoken', 'fetchXml', '@p1', '$nosuch'])(
    'a malformed %s is answered, not crashed on',
    async (option) => {
      await fc.assert(
        fc.asyncProperty(anyText, fc.constantFrom('accounts', `accounts(${accountId})`, 'accounts/$count'), async (text, path) => {
          await send('GET', `${path}?${option}=${encodeURIComponent(text)}`);
        }),
        runs,
      );
    },
    60_000,
  );

  it.each(rightQueries)('%s=%s is answered 200', async (option, text) => {
    const answer = await dataverse.get(`accounts?${option}=${encodeURIComponent(text)}`);
    expect([answer.status, answer.error.message]).toEqual([200, '']);
  });

  it('right queries that are broken in one place are answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rightQueries),
        fc.nat({ max: 600 }),
        fc.nat({ max: 12 }),
        fc.constantFrom('', ...pieces),
        async ([option, text], at, length, piece) => {
          await send('GET', `accounts?${option}=${encodeURIComponent(broken(text, at, length, piece))}`);
        },
      ),
      { numRuns: 600 },
    );
  }, 60_000);

  it('several malformed options beside each other are answered', async () => {
    const option = fc.tuple(fc.constantFrom('$filter', '$expand', '$select', '$orderby', '$apply', '$top', '@p1'), anyText);
    await fc.assert(
      fc.asyncProperty(fc.array(option, { maxLength: 4 }), fc.string({ maxLength: 20 }), async (options, prefer) => {
        const query = options.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
        await send('GET', `accounts?${query}`, undefined, { Prefer: `odata.maxpagesize=${encodeURIComponent(prefer)}` });
      }),
      runs,
    );
  }, 60_000);

  it('malformed FetchXML is answered', async () => {
    const tags = fc.constantFrom(
      ...['<fetch>', '<fetch count="2" page="1">', '<fetch aggregate="true">', '</fetch>', '<entity name="account">', '</entity>'],
      ...[
        '<attribute name="name"/>',
        '<attribute name="revenue" aggregate="sum" alias="x"/>',
        '<all-attributes/>',
        '<order attribute="name"/>',
      ],
      ...[
        '<filter>',
        '<filter type="or">',
        '</filter>',
        '<condition attribute="name" operator="eq" value="A"/>',
        '<condition attribute="name" operator="constructor" value="x"/>',
      ],
      ...[
        '<condition attribute="createdon" operator="last-x-days" value="x"/>',
        '<condition attribute="revenue" operator="in"><value>5</value>',
      ],
      ...[
        '</condition>',
        '<link-entity name="contact" from="parentcustomerid" to="accountid" alias="c">',
        '</link-entity>',
        '&amp;',
        '&#x0;',
        '<',
      ],
      ...['<link-entity name="task" from="regardingobjectid" to="accountid" link-type="outer"/>', '<!DOCTYPE a>', '<!--', '-->', 'text'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(tags, { maxLength: 12 }), fc.boolean(), async (parts, isWrapped) => {
        const inside = parts.join('');
        const xml = isWrapped ? `<fetch><entity name="account">${inside}</entity></fetch>` : inside;
        await send('GET', `accounts?fetchXml=${encodeURIComponent(xml)}`);
      }),
      runs,
    );
  }, 60_000);

  it('malformed addresses are answered, whatever the method', async () => {
    const segment = fc.constantFrom(
      ...[
        'accounts',
        'contacts',
        'tasks',
        'roles',
        'systemusers',
        'nosuch',
        '$metadata#',
        'EntityDefinitions',
        'WhoAmI',
        'Merge',
        '$all',
        'constructor',
      ],
      ...[`accounts(${'0'.repeat(8)})`, "accounts(name='x')", "accounts(ccsync_sourcekey='x", '(', ')', '()', '%27', '%00', '..', '%2F'],
      ...[
        'name',
        'primarycontactid',
        'contact_customer_accounts',
        'Account_Tasks',
        '$ref',
        '$value',
        '$count',
        'RetrieveTotalRecordCount(x)',
      ],
      ...[
        'Microsoft.Dynamics.CRM.UpsertMultiple',
        'Microsoft.Dynamics.CRM.',
        "RetrieveTotalRecordCount(EntityNames=['x'])",
        'systemuserroles_association',
      ],
    );
    // `../..` would leave the Web API, and what is beside it is not what its page promises.
    const isInside = (address: string) => new URL(address, 'http://host/a/b/').pathname.startsWith('/a/b/');
    const path = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'))
      .filter(isInside);
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
    await fc.assert(
      fc.asyncProperty(method, path, fc.boolean(), async (verb, address, isBelowRow) => {
        const body = verb === 'GET' || verb === 'DELETE' ? undefined : '{}';
        await send(verb, isBelowRow ? `accounts(${accountId})/${address}` : address, body);
      }),
      runs,
    );
  }, 60_000);

  it('bodies of any JSON are answered, and leave no half of a row behind', async () => {
    const names = [
      'name',
      'revenue',
      'accountid',
      'statecode',
      'createdon',
      'nosuch',
      '_primarycontactid_value',
      'primarycontactid',
      'Targets',
    ];
    const annotated = [
      'primarycontactid@odata.bind',
      'Account_Tasks@odata.bind',
      'contact_customer_accounts',
      'Account_Tasks',
      '@odata.id',
      '__proto__',
    ];
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('$1', 'contacts(1)', `accounts(${accountId})`, '2026-01-31')),
      object: fc.dictionary(fc.constantFrom(...names, ...annotated), fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('object'), tie('list'))),
      list: fc.array(fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('object')), { maxLength: 3 }),
    }));
    const request = fc.constantFrom(
      ['POST', 'accounts'] as const,
      ['POST', 'tasks'] as const,
      ['PATCH', 'accounts(00000000-0000-0000-0000-0000000000aa)'] as const,
      ['PUT', 'accounts(00000000-0000-0000-0000-0000000000aa)/name'] as const,
      ['POST', 'accounts/Microsoft.Dynamics.CRM.UpsertMultiple'] as const,
    );
    await fc.assert(
      fc.asyncProperty(request, fc.oneof(value.object, value.list, value.leaf), async ([method, path], body) => {
        const before = (await dataverse.get('accounts/$count')).text;
        const answer = await dataverse.call(method, path, { body: JSON.stringify(body) });
        expectDocumented(answer, [method, path, body]);
        if (answer.status >= 400) expect((await dataverse.get('accounts/$count')).text).toBe(before);
      }),
      runs,
    );
  }, 60_000);

  it('rows nested without end are refused', async () => {
    const depth = 5000;
    const body = `${'{"lastname":"X","parentcustomerid_contact":'.repeat(depth)}{}${'}'.repeat(depth)}`;
    const answer = await dataverse.post('contacts', body);
    expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
  });

  it('malformed batches are answered', async () => {
    const line = fc.constantFrom(
      ...['--batch_1', '--batch_1--', '--changeset_1', '--changeset_1--', '', 'Content-Type: application/http', 'Content-Type: text/plain'],
      ...['Content-Transfer-Encoding: binary', 'Content-ID: 1', 'Content-Type: multipart/mixed; boundary=changeset_1', 'HTTP/1.1'],
      ...[
        'GET accounts HTTP/1.1',
        'POST accounts HTTP/1.1',
        'PATCH $1 HTTP/1.1',
        'POST $batch HTTP/1.1',
        'DELETE / HTTP/1.1',
        '{"name":"B"}',
        '{',
      ],
    );
    const crlf = fc.constantFrom('\r\n', '\n');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 16 }), crlf, async (lines, end) => {
        await send('POST', '$batch', lines.join(end), batchHeaders);
      }),
      runs,
    );
  }, 60_000);
});
