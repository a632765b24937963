import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { Dataverse, LogicSwitches, RowToWrite, TableDescription } from '../../../api/src/dataverse/types.ts';
import { type ScriptedDataverse, startScriptedDataverse } from './scripted-dataverse.ts';

const never = new AbortController().signal;
const bulk = { lane: 'bulk', signal: never } as const;
const contacts: TableDescription = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  primaryIdColumn: 'contactid',
  columns: new Map(),
  supportsUpsertMultiple: true,
};
const rows: readonly RowToWrite[] = ['a', 'b'].map((id) => ({ sourceKey: `crm~${id}`, columnsJson: `"lastname":"${id}"` }));
const bypassName = 'MSCRM.BypassBusinessLogicExecution';
const flowsName = 'MSCRM.SuppressCallbackRegistrationExpanderJob';

describe('writes that leave out what the customer has built', () => {
  let scripted: ScriptedDataverse;
  let dataverse: Dataverse;
  beforeEach(async () => {
    scripted = await startScriptedDataverse();
    dataverse = openDataverse({
      url: scripted.url,
      credential: { getToken: async () => 'token', invalidate: () => undefined },
      clock: { nowMs: Date.now },
      random: () => 0,
      sleep: async () => undefined,
    });
  });
  afterEach(async () => {
    await dataverse.close();
    await scripted.close();
  });

  it.each<[LogicSwitches, string | undefined, string | undefined]>([
    [{}, undefined, undefined],
    [{ bypassCustomLogic: 'sync' }, 'CustomSync', undefined],
    [{ bypassCustomLogic: 'async' }, 'CustomAsync', undefined],
    [{ bypassCustomLogic: 'all', suppressFlows: true }, 'CustomSync,CustomAsync', 'true'],
    [{ suppressFlows: false }, undefined, undefined],
  ])('say so to Dataverse in one bulk request: %j', async (switches, bypass, flows) => {
    await dataverse.upsert(contacts, rows, { ...bulk, ...switches });
    const request = scripted.requests.at(-1);
    expect(request?.path).toContain('UpsertMultiple');
    expect([request?.headers[bypassName.toLowerCase()], request?.headers[flowsName.toLowerCase()]]).toEqual([bypass, flows]);
  });

  it.each(['upsert', 'update'] as const)('say so with each row of a $batch when they %s', async (message) => {
    for (const { sourceKey } of rows) scripted.rows.set(sourceKey, {});
    const table = { ...contacts, supportsUpsertMultiple: false };
    await dataverse[message](table, rows, { ...bulk, bypassCustomLogic: 'all', suppressFlows: true });
    const { body, path } = scripted.requests.at(-1) ?? { body: '', path: '' };
    expect(path).toBe('$batch');
    expect(body.split(`${bypassName}: CustomSync,CustomAsync\r\n`)).toHaveLength(rows.length + 1);
    expect(body.split(`${flowsName}: true\r\n`)).toHaveLength(rows.length + 1);
  });

  it.each([true, false])(
    'are refused as a whole, with the privilege that is missing (bulk messages: %j)',
    async (supportsUpsertMultiple) => {
      scripted.script.refuseRow = () => ({
        status: 403,
        code: '0x80040220',
        message: 'Principal user (Id=1, type=8) is missing prvBypassCustomBusinessLogic privilege',
      });
      await expect(
        dataverse.upsert({ ...contacts, supportsUpsertMultiple }, rows, { ...bulk, bypassCustomLogic: 'all' }),
      ).rejects.toMatchObject({
        code: 'dataverse.bypass_forbidden',
        message: expect.stringContaining('prvBypassCustomBusinessLogic'),
        help: expect.stringContaining('bypassCustomLogic'),
      });
    },
  );
});

describe('the team that owns rows', () => {
  let scripted: ScriptedDataverse;
  let dataverse: Dataverse;
  const found = (...ids: readonly string[]) => {
    scripted.script.fault = () => ({ kind: 'answer', status: 200, body: JSON.stringify({ value: ids.map((teamid) => ({ teamid })) }) });
  };
  const one = '0a6a4d62-0000-4000-8000-0000000000aa';
  beforeEach(async () => {
    scripted = await startScriptedDataverse();
    dataverse = openDataverse({
      url: scripted.url,
      credential: { getToken: async () => 'token', invalidate: () => undefined },
      clock: { nowMs: Date.now },
    });
  });
  afterEach(async () => {
    await dataverse.close();
    await scripted.close();
  });

  it('is found by its name, whatever characters stand in it, and asked for once', async () => {
    found(one);
    expect(await dataverse.findTeam("O'Brien & Co", never)).toBe(one);
    expect(await dataverse.findTeam("O'Brien & Co", never)).toBe(one);
    expect(scripted.requests.map(({ path }) => decodeURIComponent(path))).toEqual([
      "teams?$select=teamid&$filter=name eq 'O''Brien & Co' and teamtype ne 1",
    ]);
  });

  it('is found by its id', async () => {
    found(one);
    expect(await dataverse.findTeam(one, never)).toBe(one);
    expect(decodeURIComponent(scripted.requests[0]?.path ?? '')).toContain(`teamid eq ${one}`);
  });

  it('must be there, and once; a team that is made meanwhile is found at the next try', async () => {
    found();
    await expect(dataverse.findTeam('Sales', never)).rejects.toMatchObject({
      code: 'dataverse.team_unknown',
      message: '“Sales” must name one team that may own rows, and it names none',
    });
    found(one, '0a6a4d62-0000-4000-8000-0000000000ab');
    await expect(dataverse.findTeam('Sales', never)).rejects.toMatchObject({ message: expect.stringContaining('and it names 2') });
    found(one);
    expect(await dataverse.findTeam('Sales', never)).toBe(one);
  });
});
