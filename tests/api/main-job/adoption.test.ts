/** Whoever moves to us from Microsoft's flows gets no duplicates: 10,000 rows, made as those flows make them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startProduct, type Product, equationError } from '../../support/product.ts';
import type { JsonObject } from '../../support/http-json.ts';
import {
  type CrmRecord,
  type FlowRows,
  installMicrosoftConnector,
  northwindOption,
  readCrm,
  runMicrosoftFlows,
} from '../../support/microsoft-flows.ts';
import { rootFolder } from '../../support/ready-process.ts';

const size = { accounts: 1_958, contacts: 7_958, seed: 11 };
const doubledEvery = 100;

const mapped = {
  accounts:
    'name,telephone1,fax,websiteurl,numberofemployees,address1_line1,address1_line2,address1_line3,address1_city,address1_stateorprovince,address1_postalcode,address1_country',
  contacts:
    'firstname,lastname,jobtitle,emailaddress1,telephone1,mobilephone,address1_line1,address1_line2,address1_line3,address1_city,address1_stateorprovince,address1_postalcode,address1_country',
} as const;
const ours = 'ccsync_sourcekey,ccsync_sourcecrm,ccsync_sourcecrmid,ccsync_sourcemodifiedon,ccsync_syncstatus,statecode';
type Set = keyof typeof mapped;

/** By key: what the sync says of a row, without what differs from environment to environment. */
const contentOf = async ({ sandbox }: Product, set: Set): Promise<ReadonlyMap<unknown, JsonObject>> => {
  const expand = set === 'contacts' ? '&$expand=parentcustomerid_account($select=ccsync_sourcekey)' : '';
  const rows = await sandbox.dataverse.rows(set, `$select=${mapped[set]},${ours}&$filter=ccsync_sourcekey ne null${expand}`);
  return new Map(
    rows.map(({ '@odata.etag': _etag, accountid: _accountId, contactid: _contactId, parentcustomerid_account: parent, ...row }) => [
      row.ccsync_sourcekey,
      { ...row, parent: parent === null || parent === undefined ? null : (parent as JsonObject).ccsync_sourcekey },
    ]),
  );
};

const microsoftFlowsCome = (config: Record<string, unknown>): void => {
  const [source] = config.sources as Record<string, unknown>[];
  if (source !== undefined) source.microsoftSourceCrm = northwindOption.label;
};

describe('adoption of 10,000 rows that Microsoft’s flows made', () => {
  let product: Product;
  let companies: readonly CrmRecord[];
  let people: readonly CrmRecord[];
  let made: FlowRows;
  let rowsBefore: { readonly accounts: number; readonly contacts: number };

  const rowCount = async (set: Set): Promise<number> => (await product.sandbox.dataverse.rows(set, '$select=statecode')).length;
  const adoptionIn = (lines: readonly Record<string, unknown>[], event: string): Record<string, JsonObject> => {
    const { adoption } = lines.find((line) => line.event === event) as { readonly adoption: { readonly tables: readonly JsonObject[] } };
    return Object.fromEntries(adoption.tables.map((table) => [String(table.table), table]));
  };

  beforeAll(async () => {
    product = await startProduct({ ...size, configure: microsoftFlowsCome });
    await installMicrosoftConnector(product.sandbox);
    companies = await readCrm(product.sandbox, 'companies');
    people = await readCrm(product.sandbox, 'people');
    // What came into the CRM after the flows were turned off.
    made = await runMicrosoftFlows(product.sandbox, { companies: companies.slice(0, -10), people: people.slice(0, -40), doubledEvery });
    const [first = ''] = made.contacts.get(people[0]?.id ?? '') ?? [];
    await product.sandbox.dataverse.send('PATCH', `contacts(${first})`, { statecode: 1, statuscode: 2 });
    rowsBefore = { accounts: await rowCount('accounts'), contacts: await rowCount('contacts') };
  }, 120_000);
  afterAll(() => product.stop());

  it('until they are adopted, a run refuses and says what to do, and so does the check of the source', async () => {
    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      event: 'finished',
      run: { state: 'failed', error: { code: 'adoption.pending', help: expect.stringContaining('crm-sync adopt --source northwind') } },
    });
    const check = await product.cli(['sources', 'check']);
    expect(check.lines).toMatchObject([{ event: 'checked', unadoptedTables: ['account', 'contact'] }]);
    expect(await rowCount('accounts')).toBe(rowsBefore.accounts);
  }, 60_000);

  it('a preview counts them and writes nothing', async () => {
    const { exitCode, lines } = await product.cli(['adopt', '--source', 'northwind', '--dry-run']);
    expect(exitCode).toBe(0);
    const { account, contact } = adoptionIn(lines, 'previewed');
    expect(account).toMatchObject({
      adopted: companies.length - 10,
      doubled: Math.ceil((companies.length - 10) / doubledEvery),
      failed: 0,
    });
    expect(contact).toMatchObject({ adopted: people.length - 40, doubled: Math.ceil((people.length - 40) / doubledEvery), failed: 0 });
    expect((account?.samples as JsonObject).adopted).toHaveLength(5);
    const { dataverse } = product.sandbox;
    expect(await dataverse.rows('accounts', '$select=accountid&$filter=ccsync_sourcekey ne null&$top=1')).toEqual([]);
  }, 60_000);

  it('in a pipe it asks for --yes before it writes', async () => {
    const { exitCode, lines } = await product.cli(['adopt', '--source', 'northwind']);
    expect(exitCode).toBe(2);
    expect(lines).toMatchObject([{ event: 'error', code: 'setup.not_confirmed' }]);
  });

  it('killed in the middle and started again, it adopts every record once and deactivates the doubled rows', async () => {
    const args = ['adopt', '--source', 'northwind', '--yes', '--duplicates', 'deactivate'];
    const child = spawn(process.execPath, ['api/src/cli/main.ts', ...args], {
      cwd: rootFolder,
      env: { ...process.env, ...product.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const seen: JsonObject[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(JSON.parse(line) as JsonObject);
      child.kill('SIGKILL');
    }
    await ended;
    expect(seen[0]).toMatchObject({ event: 'adopting', table: 'account' });

    const { exitCode, lines } = await product.cli(args);
    expect(exitCode).toBe(0);
    const tables = adoptionIn(lines, 'adopted');
    for (const [name, records] of [
      ['account', companies.length - 10],
      ['contact', people.length - 40],
    ] as const) {
      const counts = tables[name] ?? {};
      expect(Number(counts.adopted) + Number(counts.ours)).toBe(records);
      const doubled = Math.ceil(records / doubledEvery);
      expect(counts).toMatchObject({ doubled, doubledInactive: doubled, taken: 0, failed: 0, withoutId: 0, read: records + doubled });
    }
    expect(Number(tables.account?.ours)).toBeGreaterThan(0);
  }, 120_000);

  it('the first full run makes no duplicate: every record has its old row, and what is new is new', async () => {
    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
    const { run } = lines.at(-1) as {
      readonly run: Parameters<typeof equationError>[0] & { readonly state: string; readonly counts: never };
    };
    expect([exitCode, run.state]).toEqual([0, 'succeeded']);
    expect(equationError(run.counts)).toBe(0);
    expect(await rowCount('accounts')).toBe(rowsBefore.accounts + 10);
    expect(await rowCount('contacts')).toBe(rowsBefore.contacts + 40);
    for (const [set, records, rows, idColumn] of [
      ['accounts', companies, made.accounts, 'accountid'],
      ['contacts', people, made.contacts, 'contactid'],
    ] as const) {
      const linked = await product.sandbox.dataverse.rows(set, '$select=ccsync_sourcecrmid,statecode&$filter=ccsync_sourcekey ne null');
      expect(new Set(linked.map((row) => row.ccsync_sourcecrmid))).toEqual(new Set(records.map(({ id }) => id)));
      expect(linked).toHaveLength(records.length);
      // The row that was made first, but for the one that somebody had deactivated.
      const others = linked.filter((row) => {
        const known = rows.get(String(row.ccsync_sourcecrmid));
        return known !== undefined && known.length === 1 && known[0] !== row[idColumn];
      });
      expect(others).toEqual([]);
      expect(linked.every((row) => row.statecode === 0)).toBe(true);
    }
  }, 120_000);

  it('of the doubled rows none is active, and the one that was deactivated by hand is not preferred', async () => {
    const { dataverse } = product.sandbox;
    const [first, second] = made.contacts.get(people[0]?.id ?? '') ?? [];
    const rows = await dataverse.rows('contacts', `$select=ccsync_sourcekey&$filter=msdyn_source_crm_id eq '${people[0]?.id}'`);
    expect(rows.find(({ contactid }) => contactid === first)?.ccsync_sourcekey).toBeNull();
    expect(rows.find(({ contactid }) => contactid === second)?.ccsync_sourcekey).toBe(`northwind~${people[0]?.id}`);
    const active = await dataverse.rows(
      'contacts',
      `$select=contactid&$filter=msdyn_source_crm eq ${northwindOption.value} and ccsync_sourcekey eq null and statecode eq 0`,
    );
    expect(active).toEqual([]);
  });

  it('field by field the rows are those of an environment that never knew the flows', async () => {
    const fresh = await startProduct(size);
    try {
      await fresh.cli(['run', '--source', 'northwind', '--mode', 'full']);
      for (const set of ['accounts', 'contacts'] as const) {
        const expected = await contentOf(fresh, set);
        const found = await contentOf(product, set);
        expect(found.size).toBe(expected.size);
        const differing = [...expected].filter(([key, row]) => JSON.stringify(found.get(key)) !== JSON.stringify(row));
        expect(differing.slice(0, 3).map(([key, row]) => [row, found.get(key)])).toEqual([]);
      }
    } finally {
      await fresh.stop();
    }
  }, 180_000);

  it('the rows say in Microsoft’s columns too where they come from, the new ones as well', async () => {
    const rows = await product.sandbox.dataverse.rows(
      'contacts',
      '$select=ccsync_sourcecrmid,ccsync_sourcecrmurl,msdyn_source_crm,msdyn_source_crm_id,msdyn_source_crm_url&$filter=ccsync_sourcekey ne null',
    );
    const other = rows.filter(
      (row) =>
        row.msdyn_source_crm !== northwindOption.value ||
        row.msdyn_source_crm_id !== row.ccsync_sourcecrmid ||
        row.msdyn_source_crm_url !== row.ccsync_sourcecrmurl,
    );
    expect(other).toEqual([]);
  });

  it('a second adoption and a second full run change nothing', async () => {
    const { dataverse } = product.sandbox;
    await dataverse.clearStatistics();
    const { lines } = await product.cli(['adopt', '--source', 'northwind', '--yes', '--duplicates', 'deactivate']);
    expect(adoptionIn(lines, 'adopted')).toMatchObject({ account: { adopted: 0 }, contact: { adopted: 0 } });
    expect((await product.cli(['run', '--source', 'northwind', '--mode', 'full'])).exitCode).toBe(0);
    expect((await dataverse.statistics()).writesByTable).toEqual({ account: 0, contact: 0 });
  }, 120_000);
});
