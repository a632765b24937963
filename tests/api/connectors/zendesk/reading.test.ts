import type { SourceConnector, SourceRecord, TableName } from '../../../../api/src/crm/types.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { apiToken, type StartedZendesk, startZendesk } from './open-zendesk.ts';

const minuteMs = 60_000;
const sorted = (ids: readonly string[]) => [...ids].sort();
const once = (ids: readonly string[]) => new Set(ids).size === ids.length;

/** The text of every id in a page of the API: as numbers, the longest would lose their last digits. */
const idsInText = (text: string, list: string) =>
  [...text.slice(text.indexOf(`"${list}"`)).matchAll(/\{(?:"url":"[^"]*",)?"id":(\d+)/g)].map(([, id]) => id ?? '');

const everyId = async (crm: StartedZendesk, path: string, list: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const { text } = await crm.ask('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`);
    const ids = idsInText(text, list);
    found.push(...ids);
    if (ids.length < 100) return found;
  }
};

describe('Zendesk through its manifest', () => {
  let crm: StartedZendesk;
  let connector: SourceConnector;
  const since = (fromMs: number) => ({ fromMs, toMs: crm.nowMs() });
  const changesOf = (table: TableName, fromMs: number) => readRecords(connector.table(table).listChanges(since(fromMs), null, never));
  const listOf = (table: TableName) => readRecords(connector.table(table).listAll(null, never));

  beforeAll(async () => {
    crm = await startZendesk({ accounts: 300, contacts: 500 });
    connector = await crm.connect();
  });
  // What one test changed is over when the next one begins.
  beforeEach(() => crm.passMs(minuteMs));
  afterAll(() => crm.close());

  it('gives every organization once', async () => {
    const ids = idsOf(await listOf('account'));
    expect(once(ids)).toBe(true);
    expect(sorted(ids)).toEqual(sorted(await everyId(crm, '/api/v2/organizations', 'organizations')));
    expect(ids.length).toBeGreaterThan(300);
  });

  it('gives every end user once, suspended ones too, and leaves agents and admins out unless the admin wants them', async () => {
    const users = await listOf('contact');
    const wanted = users.filter(({ isSkipped, isDeleted }) => !isSkipped && !isDeleted);
    expect(once(idsOf(users))).toBe(true);
    expect(sorted(idsOf(wanted))).toEqual(sorted(await everyId(crm, '/api/v2/users?role=end-user', 'users')));
    expect(wanted.some(({ fields }) => fields.suspended === true)).toBe(true);
    expect(users.filter(({ isSkipped }) => isSkipped).map(({ fields }) => fields.role)).toEqual(['admin', 'agent', 'agent']);
    const withStaff = await crm.connect({ ...apiToken, includeAgents: 'true' });
    expect((await readRecords(withStaff.table('contact').listAll(null, never))).some(({ isSkipped }) => isSkipped)).toBe(false);
  });

  it('keeps all digits of ids beyond 2^53', async () => {
    const huge = idsOf(await listOf('contact')).filter((id) => !Number.isSafeInteger(Number(id)));
    expect(huge.length).toBeGreaterThan(0);
    expect(await connector.table('contact').getOne(huge[0] ?? '', never)).toMatchObject({ id: huge[0] });
  });

  it('finds exactly the users that changed, were made, deleted or erased, and goes on from there the next time', async () => {
    const [first, second, third] = await crm.endUserIds(3);
    const fromMs = crm.nowMs();
    crm.passMs(minuteMs);
    await crm.ask('PUT', `/api/v2/users/${first}`, { user: { phone: '+43 1 234' } });
    await crm.ask('DELETE', `/api/v2/users/${second}`);
    await crm.ask('DELETE', `/api/v2/users/${third}`);
    await crm.ask('DELETE', `/api/v2/deleted_users/${third}`);
    const made = await crm.ask<{ user: { id: number } }>('POST', '/api/v2/users', { user: { name: 'Ludwig van Beethoven' } });
    crm.passMs(2 * minuteMs);
    const pages = await readPages(connector.table('contact').listChanges(since(fromMs), null, never));
    const changed = pages.flatMap(({ records }) => records);
    expect(changed.map(({ id, isDeleted }) => `${id} ${isDeleted}`).sort()).toEqual(
      [`${first} false`, `${second} true`, `${third} true`, `${made.body.user.id} false`].sort(),
    );
    await crm.ask('PUT', `/api/v2/users/${first}`, { user: { phone: '+43 1 567' } });
    crm.passMs(2 * minuteMs);
    const window = { ...since(0), token: pages.at(-1)?.changeToken ?? '' };
    expect(idsOf(await readRecords(connector.table('contact').listChanges(window, null, never)))).toEqual([String(first)]);
  });

  it('finds exactly the organizations that changed or were made', async () => {
    const [one] = await everyId(crm, '/api/v2/organizations', 'organizations');
    const fromMs = crm.nowMs();
    crm.passMs(minuteMs);
    await crm.ask('PUT', `/api/v2/organizations/${one}`, { organization: { notes: 'Visited' } });
    const made = await crm.ask<{ organization: { id: number } }>('POST', '/api/v2/organizations', { organization: { name: 'New' } });
    crm.passMs(2 * minuteMs);
    expect(sorted(idsOf(await changesOf('account', fromMs)))).toEqual(sorted([one ?? '', String(made.body.organization.id)]));
  });

  it('does not miss what changes while the list is read', async () => {
    const fromMs = crm.nowMs();
    const walk = connector.table('contact').listAll(null, never)[Symbol.asyncIterator]();
    const page = await walk.next();
    const behind: SourceRecord | undefined = page.done === true ? undefined : page.value.records.find(({ isSkipped }) => !isSkipped);
    crm.passMs(minuteMs);
    await crm.ask('PUT', `/api/v2/users/${behind?.id}`, { user: { name: 'Somebody Else' } });
    while ((await walk.next()).done !== true);
    crm.passMs(2 * minuteMs);
    expect(await changesOf('contact', fromMs)).toMatchObject([{ id: behind?.id, fields: { name: 'Somebody Else' } }]);
  });

  it('says of a record whether it is there: one, many, deleted, gone', async () => {
    const [first, second] = await crm.endUserIds(2);
    const contacts = connector.table('contact');
    await crm.ask('DELETE', `/api/v2/users/${second}`);
    expect(await contacts.getOne(String(first), never)).toMatchObject({ id: String(first), isDeleted: false });
    expect(await contacts.getOne(String(second), never)).toMatchObject({ isDeleted: true });
    expect(await contacts.getOne('999', never)).toBeNull();
    expect(sorted(idsOf(await contacts.getMany([String(first), String(second), '999'], never)))).toEqual(sorted([`${first}`, `${second}`]));

    const [organization] = await everyId(crm, '/api/v2/organizations', 'organizations');
    const accounts = connector.table('account');
    expect(await accounts.getOne(organization ?? '', never)).toMatchObject({ id: organization });
    await crm.ask('DELETE', `/api/v2/organizations/${organization}`);
    expect(await accounts.getOne(organization ?? '', never)).toBeNull();
    const left = [];
    for await (const { ids } of accounts.listIds(null, never)) left.push(...ids);
    expect(left).not.toContain(organization);
  });

  it('follows a user to another organization, and off an organization that is deleted', async () => {
    const [user] = await crm.endUserIds(1);
    const [, to] = await everyId(crm, '/api/v2/organizations', 'organizations');
    await crm.ask('PUT', `/api/v2/users/${user}`, { user: { organization_id: to } });
    const contacts = connector.table('contact');
    expect(await contacts.getOne(String(user), never)).toMatchObject({ parentId: to });
    await crm.ask('DELETE', `/api/v2/organizations/${to}`);
    expect(await contacts.getOne(String(user), never)).toMatchObject({ parentId: null });
  });
});

describe('3,000 Zendesk records that changed in one second', () => {
  let crm: StartedZendesk;
  let connector: SourceConnector;
  let fromMs = 0;

  beforeAll(async () => {
    crm = await startZendesk({ accounts: 3200, contacts: 3200 });
    connector = await crm.connect();
    fromMs = crm.nowMs();
    crm.passMs(minuteMs);
    await crm.massUpdate('accounts', 3000);
    await crm.massUpdate('contacts', 3000);
    crm.passMs(2 * minuteMs);
  });
  afterAll(() => crm.close());

  it.each<readonly [TableName, string]>([
    ['account', 'the export of organizations would go round for ever, so the list is read instead'],
    ['contact', 'by the export’s cursor'],
  ])('each arrive once as changes of the %s: %s', async (table) => {
    const window = { fromMs, toMs: crm.nowMs() };
    const ids = idsOf(await readRecords(connector.table(table).listChanges(window, null, never)));
    expect([ids.length, new Set(ids).size]).toEqual([3000, 3000]);
  });

  it.each<TableName>(['account', 'contact'])('each arrive once in the list of the %s, in pages of 100', async (table) => {
    const pages = await readPages(connector.table(table).listAll(null, never));
    const ids = pages.flatMap(({ records }) => idsOf(records));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(3200);
    expect(Math.max(...pages.map(({ records }) => records.length))).toBe(100);
  });

  it('are read on from a checkpoint in the midst of the list that replaces the export', async () => {
    const window = { fromMs, toMs: crm.nowMs() };
    const pages = await readPages(connector.table('account').listChanges(window, null, never));
    const checkpoint = JSON.parse(JSON.stringify(pages[9]?.next ?? null)) as never;
    const before = pages.slice(0, 10).flatMap(({ records }) => idsOf(records));
    const after = idsOf(await readRecords(connector.table('account').listChanges(window, checkpoint, never)));
    expect(new Set([...before, ...after]).size).toBe(3000);
    expect(after.length).toBeLessThan(3000);
  });
});
