import type { SourceConnector, TableName } from '../../../../api/src/crm/types.ts';
import { idsOf, never, readRecords } from '../../crm/support/people-crm.ts';
import { readSample, rowOf } from '../support/documented-crm.ts';
import { readInSlices } from '../support/slices.ts';
import { type Odoo, type Partner, startOdoo } from './odoo.ts';

const startMs = Date.UTC(2026, 0, 10);
const endMs = startMs + 86_400_000;
/** As Odoo writes it: UTC, without saying so. */
const naive = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const idsUpTo = (count: number): readonly string[] => Array.from({ length: count }, (_, position) => String(position + 1));

describe('Odoo through its manifest', () => {
  let odoo: Odoo;
  let connector: SourceConnector;
  let sample: readonly Partner[];

  beforeAll(async () => {
    odoo = await startOdoo();
    ({ connector } = await odoo.open());
    sample = await readSample<readonly Partner[]>('odoo', 'res.partner-search_read');
  });
  afterAll(() => odoo.crm.stop());
  beforeEach(() => {
    odoo.data.partners = sample;
    odoo.crm.takeRequests();
  });
  /** Like the sample’s first person, in everything but this. */
  const person = (id: number, writtenMs: number, more: object = {}): Partner => {
    const [, like] = sample;
    if (like === undefined) throw new Error('the sample has no person');
    return { ...like, id, write_date: naive(writtenMs), ...more };
  };
  const people = (count: number, writtenMs = startMs): readonly Partner[] =>
    Array.from({ length: count }, (_, position) => person(position + 1, writtenMs));
  const changes = (table: TableName = 'contact', fromMs = startMs) =>
    connector.table(table).listChanges({ fromMs, toMs: endMs }, null, never);

  it('tells companies from people, and leaves out the addresses below them', async () => {
    expect(idsOf(await readRecords(connector.table('account').listAll(null, never)))).toEqual(['14']);
    expect(idsOf(await readRecords(connector.table('contact').listAll(null, never)))).toEqual(['26', '28']);
  });

  it('gives every person once, also while some change, come and go', async () => {
    odoo.data.partners = people(1200);
    const ids: string[] = [];
    for await (const { records } of connector.table('contact').listAll(null, never)) {
      ids.push(...idsOf(records));
      if (ids.length !== 500) continue;
      odoo.data.partners = [...odoo.data.partners.filter(({ id }) => id !== 3), person(1201, endMs)].map((one) =>
        one.id === 700 ? person(700, endMs) : one,
      );
    }
    expect(ids).toEqual(idsUpTo(1201));
  });

  it('gives workers who share it the same people as one alone, also at the edges, and while some come, go and change', async () => {
    const contacts = connector.table('contact');
    // Ids 100 apart: the range is wide enough to be shared, and an edge falls on a record.
    const wide = (count: number): readonly Partner[] =>
      Array.from({ length: count }, (_, position) => person(position * 100 + 1, startMs, { active: position % 7 !== 0 }));
    odoo.data.partners = wide(401);
    const whole = idsOf(await readRecords(contacts.listAll(null, never)));
    const { slices, records } = await readInSlices(contacts, null);
    expect(slices).toEqual([{ to: 10_001 }, { from: 10_001, to: 20_001 }, { from: 20_001, to: 30_001 }, { from: 30_001 }]);
    expect(records.map((some) => some.length)).toEqual([100, 100, 100, 101]);
    expect(records.flatMap(idsOf)).toEqual(whole);

    const moved = await readInSlices(contacts, null, () => {
      odoo.data.partners = [...wide(401).filter(({ id }) => id !== 201), person(45_000, endMs), person(-5, endMs)].map((one) =>
        one.id === 301 ? person(301, endMs) : one,
      );
    });
    expect(moved.records.flatMap(idsOf)).toEqual(expect.arrayContaining([...whole.filter((id) => id !== '201'), '45000']));
    expect(moved.records.flat()).toHaveLength(401);
  });

  it('is read by one worker alone where it is small', async () => {
    odoo.data.partners = people(900);
    expect((await readInSlices(connector.table('contact'), null)).slices).toEqual([]);
  });

  it('gives workers who share a day’s changes each of them once', async () => {
    odoo.data.partners = Array.from({ length: 25 }, (_, hour) => person(hour + 1, startMs + hour * 3_600_000));
    const { slices, records } = await readInSlices(connector.table('contact'), { fromMs: startMs, toMs: endMs });
    expect(slices).toHaveLength(4);
    expect(records.map((some) => some.length)).toEqual([6, 6, 6, 6]);
    expect(records.flatMap(idsOf).toSorted()).toEqual(idsUpTo(24).toSorted());
  });

  it('finds all that changed in one second, more than a page holds, and nothing from before or after', async () => {
    odoo.data.partners = [...people(1100, startMs + 5000), person(1101, startMs - 60_000), person(1102, endMs)];
    expect(idsOf(await readRecords(changes()))).toEqual(idsUpTo(1100));
  });

  it('leaves a person who changes while changes are read to the next reading', async () => {
    odoo.data.partners = people(700, startMs + 5000);
    const ids: string[] = [];
    for await (const { records } of changes()) {
      ids.push(...idsOf(records));
      odoo.data.partners = odoo.data.partners.map((one) => (one.id === 600 ? person(600, endMs) : one));
    }
    expect(ids).toEqual(idsUpTo(700).filter((id) => id !== '600'));
    expect(idsOf(await readRecords(connector.table('contact').listChanges({ fromMs: endMs, toMs: endMs + 1000 }, null, never)))).toEqual([
      '600',
    ]);
  });

  it('takes an archived person for deleted, and notices one that was deleted without a trace', async () => {
    expect(await connector.table('contact').getOne('28', never)).toMatchObject({ isDeleted: true });
    expect(await connector.table('contact').getOne('26', never)).toMatchObject({ isDeleted: false });
    odoo.data.partners = [person(1, startMs), person(2, startMs, { active: false }), person(4, startMs)];
    const read = await readRecords(changes());
    expect(read.map(({ id, isDeleted }) => [id, isDeleted])).toEqual([
      ['1', false],
      ['2', true],
      ['4', false],
    ]);
    const left: string[] = [];
    for await (const { ids } of connector.table('contact').listIds(null, never)) left.push(...ids);
    expect(left).toEqual(['1', '4']);
  });

  it('finds one and many by id, and nobody under the id of a company', async () => {
    const contacts = connector.table('contact');
    expect(await contacts.getOne('99', never)).toBeNull();
    expect(await contacts.getOne('14', never)).toBeNull();
    expect([...idsOf(await contacts.getMany(['26', '99', '14', '28'], never))].sort()).toEqual(['26', '28']);
    await expect(contacts.getOne('26 or 1=1', never)).rejects.toMatchObject({ code: 'record.unreadable' });
  });

  it('maps the documented company: false is nothing, HTML is text, the country by its name', async () => {
    const record = await connector.table('account').getOne('14', never);
    expect(record).toMatchObject({
      parentId: null,
      url: `${odoo.crm.url}/odoo/res.partner/14`,
      modifiedOnMs: Date.UTC(2026, 0, 9, 10, 30),
      isDeleted: false,
    });
    expect(rowOf(connector, 'account', record)).toEqual({
      name: 'Azure Interior GmbH',
      accountnumber: null,
      telephone1: '+43 1 5550123',
      emailaddress1: 'office@azure.example',
      websiteurl: 'http://azure.example',
      description: 'Pays on time.\nCalls in the morning.',
      address1_line1: 'Ringstraße 12',
      address1_line2: 'Stiege 3',
      address1_city: 'Wien',
      address1_stateorprovince: null,
      address1_postalcode: '1010',
      address1_country: 'Austria',
    });
  });

  it('maps the documented person: the name in two, the company of [id, name], the state without its country', async () => {
    const record = await connector.table('contact').getOne('26', never);
    expect(record).toMatchObject({ parentId: '14' });
    expect(rowOf(connector, 'contact', record)).toEqual({
      firstname: 'Ludwig',
      lastname: 'van Beethoven',
      jobtitle: 'Composer',
      emailaddress1: null,
      telephone1: null,
      description: null,
      address1_line1: '4557 De Silva St',
      address1_line2: null,
      address1_city: 'Fremont',
      address1_stateorprovince: 'California',
      address1_postalcode: '94538',
      address1_country: 'United States',
    });
    expect(await connector.table('contact').getOne('28', never)).toMatchObject({ parentId: null });
  });

  it('names the database only where the admin does', async () => {
    await connector.table('contact').getOne('26', never);
    const { connector: named } = await odoo.open({ database: 'acme' });
    await named.table('contact').getOne('26', never);
    expect(odoo.crm.takeRequests().map(({ headers }) => headers['x-odoo-database'])).toEqual([undefined, 'acme']);
  });

  it('names a key that has ended as such, and waits when it is told to', async () => {
    const { connector: wrong } = await odoo.open({ apiKey: 'ended' });
    await expect(wrong.check(never)).rejects.toMatchObject({ code: 'crm.unauthorised' });
    const { connector: opened, slept } = await odoo.open();
    odoo.crm.answerNext({ status: 429, headers: { 'retry-after': '7' }, body: {} });
    expect(await opened.check(never)).toMatchObject({ isReachable: true });
    expect(slept).toContain(7000);
  });
});
