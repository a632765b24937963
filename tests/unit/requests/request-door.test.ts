import type { RecordService } from '../../../api/src/contract/services.ts';
import type { DataverseRow, RowChange } from '../../../api/src/dataverse/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { answerRequest } from '../../../api/src/requests/answer-request.ts';
import { createFindCreator } from '../../../api/src/requests/request-creators.ts';
import { createRequestDoor } from '../../../api/src/requests/request-door.ts';
import { describeByHand } from '../../support/ports.ts';

const nowMs = Date.UTC(2026, 10, 26, 12);
const id = '0d5e9f2c-1111-4222-8333-abcdefabcdef';
const person = '4a000000-0000-4000-8000-000000000001';
const objectId = '44444444-4444-4444-8444-444444444444';
const ago = (ms: number): string => new Date(nowMs - ms).toISOString();

/** A table of requests by hand, for what no server does on request: to be another version between a look and a write. */
const makeWorld = (request: DataverseRow = {}) => {
  const row: Record<string, unknown> = {
    '@odata.etag': 'W/"1"',
    ccsync_kind: 'status',
    ccsync_table: 'contact',
    ccsync_sourcekey: 'northwind~1',
    ccsync_state: 'asked',
    createdon: ago(1000),
    modifiedon: ago(1000),
    _createdby_value: person,
    _ownerid_value: person,
    ...request,
  };
  const changes: RowChange[] = [];
  const asked: (string | undefined)[] = [];
  const logged: object[] = [];
  let change: 'written' | 'changed' = 'written';
  let failure: Error | null = null;
  const dataverse = {
    describeTargetTable: async (table: string) => describeByHand(table),
    readRow: async ({ logicalName }: { readonly logicalName: string }) =>
      logicalName === 'systemuser' ? { azureactivedirectoryobjectid: objectId.toUpperCase() } : row,
    changeRow: async (_table: object, wanted: RowChange) => {
      changes.push(wanted);
      if (change === 'changed') return { status: 'changed' as const };
      Object.assign(row, JSON.parse(`{${wanted.columnsJson}}`));
      return { status: 'written' as const, etag: null };
    },
    readRowsByColumn: async () => [],
    async *readRowPages() {
      yield [];
    },
    deleteById: async () => [],
  };
  const status: RecordService['status'] = async (_address, { asUser }) => {
    asked.push(asUser);
    if (failure !== null) throw failure;
    return { table: 'contact', state: 'inSync' };
  };
  const no = async () => {
    throw new Error('not asked for here');
  };
  const dependencies = {
    dataverse,
    records: { status, check: no, sync: no, candidates: no, link: no },
    findCreator: createFindCreator(dataverse),
    // An hour off: what Dataverse says of its rows is not to be read by our clock.
    clock: { nowMs: () => nowMs + 3_600_000 },
    serverClock: { nowMs: () => nowMs },
    log: { info: (fields: object) => void logged.push(fields), error: (fields: object) => void logged.push(fields) },
    newReference: () => 'reference-1',
  };
  return {
    row,
    changes,
    asked,
    logged,
    dependencies,
    othersAreFirst: () => (change = 'changed'),
    failWith: (error: Error) => (failure = error),
    answer: () => answerRequest(id, dependencies, new AbortController().signal),
  };
};

describe('a request row', () => {
  it('is answered as its creator, after it was taken in the version that was read', async () => {
    const world = makeWorld();
    await world.answer();
    expect(world.asked).toEqual([objectId]);
    expect(world.changes.map(({ ifMatch }) => ifMatch)).toEqual(['W/"1"', '*']);
    expect(world.row).toMatchObject({ ccsync_state: 'answered', ccsync_answer: '{"table":"contact","state":"inSync"}' });
  });

  it('is left to the process that took it first', async () => {
    const world = makeWorld();
    world.othersAreFirst();
    await world.answer();
    expect(world.asked).toEqual([]);
    expect(world.changes).toHaveLength(1);
  });

  it.each([
    ['answered', { ccsync_state: 'answered' }],
    ['taken a moment ago', { ccsync_state: 'taken' }],
    ['so old that nobody waits any more', { createdon: ago(121_000) }],
    ['of an unknown state', { ccsync_state: null }],
  ])('is left alone when it is %s', async (_how, request) => {
    const world = makeWorld(request);
    await world.answer();
    expect(world.changes).toEqual([]);
  });

  it('is taken over from a process that died over it', async () => {
    const world = makeWorld({ ccsync_state: 'taken', createdon: ago(100_000), modifiedon: ago(95_000) });
    await world.answer();
    expect(world.row.ccsync_state).toBe('answered');
  });

  it.each([
    ['was given to another person, who could read the answer', { _ownerid_value: 'somebody-else' }],
    ['was made by nobody that we can see', { _createdby_value: null, _ownerid_value: null }],
  ])('is not answered when it %s', async (_why, request) => {
    const world = makeWorld(request);
    await world.answer();
    expect(world.asked).toEqual([]);
    expect(world.row).toMatchObject({ ccsync_state: 'failed', ccsync_errorcode: 'record.not_found' });
  });

  it.each([
    ['another kind', { ccsync_kind: 'delete' }],
    ['another table', { ccsync_table: 'systemuser' }],
    ['no row at all', { ccsync_sourcekey: null }],
    ['a payload that is no JSON', { ccsync_payload: '{' }],
    ['more than its kind takes', { ccsync_payload: '{"asUser":"x"}' }],
    [
      'a search without words that are long enough',
      { ccsync_kind: 'candidates', ccsync_sourcekey: null, ccsync_rowid: id, ccsync_payload: '{"words":"a"}' },
    ],
    ['a link by a key', { ccsync_kind: 'link', ccsync_payload: '{"sourceId":"a","recordId":"1"}' }],
  ])('that asks %s is refused', async (_what, request) => {
    const world = makeWorld(request);
    await world.answer();
    expect(world.asked).toEqual([]);
    expect(world.row).toMatchObject({ ccsync_state: 'failed', ccsync_errorcode: 'request.invalid' });
  });

  it('tells a failure in the words of the registry, and nothing of one that nobody expected', async () => {
    const world = makeWorld();
    world.failWith(new AppError('record.not_linked'));
    await world.answer();
    expect(JSON.parse(String(world.row.ccsync_answer))).toMatchObject({ code: 'record.not_linked', status: 409, reference: 'reference-1' });

    const unlucky = makeWorld();
    unlucky.failWith(new Error('ada@contoso.example could not be parsed'));
    await unlucky.answer();
    expect(unlucky.row.ccsync_errorcode).toBe('internal');
    expect(String(unlucky.row.ccsync_answer)).not.toContain('ada@');
  });
});

describe('the door for request rows', () => {
  const open = (webhookKey: string | null) => {
    const world = makeWorld();
    const sleep = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    return { world, door: createRequestDoor({ ...world.dependencies, sleep, webhookKey, pollEveryMs: 1000 }) };
  };

  it.each([
    ['no key is configured', null, 'anything'],
    ['no key is configured and none is sent', null, undefined],
    ['another key is sent', 'right', 'wrong'],
    ['the key is sent twice', 'right', ['right', 'right']],
  ])('is closed when %s', (_when, configured, sent) => {
    expect(() => open(configured).door.requireKey(sent)).toThrow(expect.objectContaining({ code: 'webhook.unauthorised' }));
  });

  it('answers what it hears of, once, and ends with the program', async () => {
    const { world, door } = open('right');
    door.requireKey('right');
    door.start();
    door.receive(id);
    door.receive(id);
    while (world.row.ccsync_state !== 'answered') await new Promise((resolve) => setImmediate(resolve));
    await door.stop();
    expect(world.asked).toEqual([objectId]);
  });
});
