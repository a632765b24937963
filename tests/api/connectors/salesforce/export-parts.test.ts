import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import type { CrmServer } from '../../crm/support/crm-server.ts';
import { idsOf, never, openSource, readPages, readRecords, throughJson } from './support/open-source.ts';
import { csv, type ScriptedOrg, startScriptedOrg } from './support/scripted-org.ts';

const names = '"IsDeleted","Id","SystemModstamp","AccountId","LastName"\n';
const line = (n: number): string => `"false","00300000000000${n}AAA","2026-05-01T10:00:00.000Z","","Person ${n}"\n`;

const personFields = [
  { name: 'AccountId', type: 'reference', referenceTo: ['Account'], relationshipName: 'Account' },
  { name: 'LastName', type: 'string' },
];

/** Only what these tests are about. */
const onlyLastName = (manifest: Manifest): Manifest => ({
  ...manifest,
  tables: {
    account: { ...manifest.tables.account, map: [{ to: 'name', from: 'Name' }] },
    contact: { ...manifest.tables.contact, map: [{ to: 'lastname', from: 'LastName' }] },
  },
});

describe('the parts of an export', () => {
  let org: CrmServer;
  afterEach(() => org.stop());

  const readParts = async (parts: ScriptedOrg['parts'] = [], change = onlyLastName, rest: Partial<ScriptedOrg> = {}) => {
    org = await startScriptedOrg({ fields: personFields, parts, ...rest });
    const { contacts } = await openSource(org.url, { change });
    return readRecords(contacts.listAll(null, never));
  };

  it('may hold the names of the columns in each part, or only in the first', async () => {
    const first = csv(names + line(1) + line(2), { 'sforce-locator': '1' });
    expect(await readParts([first, csv(names + line(3))])).toHaveLength(3);
    await org.stop();
    const records = await readParts([first, csv(line(3), { 'sforce-numberofrecords': '1' })]);
    expect(records.map(({ fields }) => fields.LastName)).toEqual(['Person 1', 'Person 2', 'Person 3']);
  });

  it('come in pages of two thousand, and a reading goes on behind any of them', async () => {
    const idAt = (n: number): string => `003${String(n).padStart(12, '0')}AAA`;
    const lines = Array.from({ length: 4_500 }, (_, n) => `"false","${idAt(n)}","2026-05-01T10:00:00.000Z","","Person ${n}"\n`);
    org = await startScriptedOrg({ fields: personFields, parts: [csv(names + lines.join(''))] });
    const { contacts } = await openSource(org.url, { change: onlyLastName });
    const pages = (await readPages(contacts.listAll(null, never))).filter(({ records }) => records.length > 0);
    expect(pages.map(({ records }) => records.length)).toEqual([2_000, 2_000, 500]);
    const again = await openSource(org.url, { change: onlyLastName });
    const rest = await readRecords(again.contacts.listAll(throughJson(pages[0]?.next ?? null), never));
    expect(idsOf(rest)).toEqual(idsOf(pages.slice(1).flatMap(({ records }) => records)));
  });

  it('may be empty, with or without names', async () => {
    expect(await readParts([csv(names)])).toEqual([]);
    await org.stop();
    expect(await readParts([csv('')])).toEqual([]);
  });

  it.each([
    ['other columns than were asked for', csv('"Id","Phone"\n"1","2"\n'), 'columns are not those'],
    ['fewer records than they say', csv(names + line(1), { 'sforce-numberofrecords': '2' }), 'holds 1 records, and says that it holds 2'],
    ['an end inside of a record', csv(`${names}"false","0030000`), 'has no partner'],
    ['no CSV', { body: { state: 'odd' } }, 'not CSV'],
    ['bytes that are no text', csv(''), 'not UTF-8'],
  ])('are refused when they hold %s', async (what, part, message) => {
    const bytes = what.startsWith('bytes') ? { ...part, body: Buffer.from([34, 0xff, 34]) } : part;
    await expect(readParts([bytes])).rejects.toMatchObject({
      code: 'crm.bad_answer',
      message: expect.stringContaining(message) as string,
    });
  });

  it('are refused when they lead in a circle', async () => {
    const circle = [csv(names + line(1), { 'sforce-locator': '1' }), csv(names + line(2), { 'sforce-locator': '1' })];
    await expect(readParts(circle)).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('end the reading when Salesforce loses one job after another', async () => {
    await expect(readParts([csv(names + line(1), { 'sforce-locator': '7' })])).rejects.toMatchObject({ code: 'crm.export_failed' });
    expect(org.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query'))).toHaveLength(3);
  });

  it('give what stands in a record’s parent as the REST API does, with its type', async () => {
    const parents = (manifest: Manifest): Manifest => {
      const changed = onlyLastName(manifest);
      const map = [
        { to: 'lastname', from: 'LastName' },
        { to: 'department', from: 'Account.Name' },
        { to: 'employeeid', from: 'Account.NumberOfEmployees' },
      ];
      return { ...changed, tables: { ...changed.tables, contact: { ...manifest.tables.contact, map } } };
    };
    const more = '"IsDeleted","Id","SystemModstamp","AccountId","LastName","Account.Name","Account.NumberOfEmployees"\n';
    const rows = `${line(1).trim()},"Alfreds","7"\n${line(2).trim()},"",""\n`;
    const records = await readParts([csv(more + rows)], parents, {
      answer: ({ path }) =>
        path.endsWith('/sobjects/Account/describe')
          ? {
              body: {
                fields: [
                  { name: 'Name', type: 'string' },
                  { name: 'NumberOfEmployees', type: 'int' },
                ],
              },
            }
          : undefined,
    });
    expect(records.map(({ fields }) => fields.Account)).toEqual([{ Name: 'Alfreds', NumberOfEmployees: 7 }, null]);
  });
});
