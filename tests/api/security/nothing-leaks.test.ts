/** What passes through us stays with the CRM and Dataverse: a whole day's trouble, and then a search in all that we keep and say. */
import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { applicationUser, crmApiKey } from '../../support/sandbox.ts';
import { type Product, hookSecret, startProduct } from '../../support/product.ts';

/** Nobody else is called so. */
const customer = {
  full_name: 'Zylphia Quorvantes',
  email: 'zylphia.quorvantes@example.org',
  phone: '+43 720 9182736',
  street: 'Xanthorbgasse 77',
};
/** Each is refused somewhere: by our own rules, or by Dataverse, whose message quotes the value. */
const refused = {
  tooLong: `Wrzblik${'q'.repeat(60)}`,
  noMail: 'mblorqz-at-nowhere',
};
const secrets = {
  clientSecret: applicationUser.clientSecret,
  apiKey: crmApiKey,
  hookSecret,
  hookKey: Buffer.from(hookSecret.slice('whsec_'.length), 'base64').toString(),
};

describe('after runs, clicks, webhooks and faults', () => {
  let product: Product;
  let answers = '';
  let database = '';

  const dumpDatabase = async (): Promise<string> => {
    const client = new pg.Client(product.environment.TEST_STORE_URL);
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'crm_sync%'`,
      );
      let text = '';
      for (const { name } of tables) {
        const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} as t`);
        text += `${name}\n${rows.map(({ row }) => row).join('\n')}\n`;
      }
      return text;
    } finally {
      await client.end();
    }
  };
  const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
    const token = await product.sandbox.signIn('admin');
    const response = await fetch(`${product.apiUrl}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    answers += `${response.status} ${await response.text()}\n`;
  };

  beforeAll(async () => {
    product = await startProduct({ configure: (config) => Object.assign(config, { log: { level: 'debug' } }) });
    await product.startApi();
    const { crm, dataverse } = product.sandbox;
    await crm.create('people', customer);
    await crm.create('people', { full_name: refused.tooLong });
    await crm.create('people', { full_name: 'Anna Refused', email: refused.noMail });
    await crm.addFault({ kind: 'cutBody', count: 1 });
    await crm.addFault({ kind: 'unauthorised', count: 1, path: '/api/v1/people' });
    await dataverse.addFault({ kind: 'cutBody', count: 2 });
    await product.run({ mode: 'full' });
    await product.run({ mode: 'incremental' });
    const { runs } = (await (
      await fetch(`${product.apiUrl}/api/runs`, { headers: { authorization: `Bearer ${await product.sandbox.signIn('admin')}` } })
    ).json()) as { runs: readonly { id: string }[] };
    for (const { id } of runs) await ask(`/api/runs/${id}`);
    await ask('/api/sources/northwind/failures');
    await ask('/api/sources/northwind/check', { method: 'POST' });
    await ask('/webhooks/northwind', { method: 'POST', body: JSON.stringify({ table: 'people', full_name: customer.full_name }) });
    await ask('/api/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sourceId: 'northwind', [customer.email]: customer.phone }),
    });
    await ask(`/api/records/contact/${encodeURIComponent(customer.full_name)}`);
    database = await dumpDatabase();
  }, 120_000);
  afterAll(() => product.stop());

  it('the customer is in Dataverse, two records have failed, and there is something to search in', async () => {
    const rows = await product.sandbox.dataverse.rows('contacts', `$filter=emailaddress1 eq '${customer.email}'`);
    expect(rows).toHaveLength(1);
    expect(database.match(/contact/g)?.length).toBeGreaterThan(10);
    expect(answers).toContain('mapping.');
    expect(product.api().output).toContain('run started');
  });

  const customerData = [...Object.values(customer), 'Quorvantes', 'Zylphia', ...Object.values(refused)];
  it('no log line, no answer and no row of the store holds a customer’s name, mail, phone or address', () => {
    const { output } = product.api();
    for (const value of customerData) {
      for (const [place, text] of Object.entries({ output, answers, database })) {
        expect([value, place, text.toLowerCase().includes(value.toLowerCase())]).toEqual([value, place, false]);
      }
    }
  });

  it('no log line, no answer, no row of the store and no process’s arguments hold a secret', () => {
    const { output, processId } = product.api();
    const commandLine = `/proc/${processId}/cmdline`;
    const processArguments = existsSync(commandLine) ? readFileSync(commandLine, 'utf8') : '';
    const token = /eyJ[\w-]{10,}\.[\w-]{10,}/;
    for (const [place, text] of Object.entries({ output, answers, database, processArguments })) {
      for (const [name, value] of Object.entries(secrets)) expect([name, place, text.includes(value)]).toEqual([name, place, false]);
      expect([place, token.test(text)]).toEqual([place, false]);
    }
  });
});
