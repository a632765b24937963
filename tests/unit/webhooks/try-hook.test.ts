import type { SourceConnector } from '../../../api/src/crm/types.ts';
import type { VerifiedDelivery } from '../../../api/src/crm/webhook/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { type HookTrialDependencies, tryHook } from '../../../api/src/webhooks/try-hook.ts';
import { makeCrm, recordOf } from '../../support/ports.ts';

const signal = new AbortController().signal;
const place = { address: 'https://sync.example.com/webhooks/crm', source: 'crm' };

interface World {
  readonly status?: number;
  readonly problem?: string;
  /** What the store says of it, one look after the other; the last stays. */
  readonly stored?: readonly ({ readonly isDone: boolean } | null)[];
  readonly outcome?: 'created' | 'changed' | 'unchanged' | 'removed' | AppError;
  readonly sample?: AppError;
  readonly door?: AppError;
  readonly records?: readonly string[];
}

const tried = async (world: World, wanted: Parameters<typeof tryHook>[0] = {}) => {
  const { status = 202, stored = [{ isDone: true }], outcome = 'unchanged', records = ['7'] } = world;
  let nowMs = 0;
  const posts: string[] = [];
  const keys: string[] = [];
  const crm = makeCrm('crm', () => nowMs);
  crm.pages.account = [records.map((id) => recordOf(id))];
  const verdict: VerifiedDelivery = {
    kind: 'events',
    deliveryId: 'd-1',
    events: [{ table: 'account', recordIds: ['7'], action: 'upsert' }],
    trust: 'full',
    secret: 'hookSecret',
    answer: { status: 202, type: null, body: '' },
  };
  const connector: SourceConnector = {
    ...crm.source.connector,
    webhook: {
      verify: () => {
        if (world.door !== undefined) throw world.door;
        return verdict;
      },
      hookOf: () => '',
      hooks: [''],
      carriesRecords: false,
    },
  };
  let looks = 0;
  const dependencies: HookTrialDependencies = {
    source: { ...crm.source, connector },
    setup: {
      sampleTables: [],
      sample: async () => {
        if (world.sample !== undefined) throw world.sample;
        return { url: place.address, headers: { a: 'b' }, rawBody: Buffer.from('{}') };
      },
    },
    place,
    segments: [],
    trials: {
      find: async (_source, key) => {
        looks += 1;
        keys.push(key);
        return stored[Math.min(looks, stored.length) - 1] ?? null;
      },
    },
    records: {
      sync: async () => {
        if (outcome instanceof AppError) throw outcome;
        return { outcome, isDryRun: true, changes: [], record: { table: 'account', state: 'inSync' } } as never;
      },
    },
    clock: { nowMs: () => nowMs },
    sleep: async (ms) => {
      nowMs += ms;
    },
    post: async ({ url }) => {
      posts.push(url);
      return { status, ...(world.problem === undefined ? {} : { problem: world.problem }) };
    },
  };
  const { hasArrived, steps, recordId } = await tryHook(wanted, dependencies, signal);
  return { hasArrived, recordId, last: steps.at(-1), names: steps.map(({ step }) => step), posts, keys };
};

describe('trying a webhook', () => {
  it('goes the whole way, about the first record of the CRM, and waits until the delivery is drained', async () => {
    const { hasArrived, names, recordId, posts, keys } = await tried({ stored: [{ isDone: false }, { isDone: false }, { isDone: true }] });
    expect({ hasArrived, recordId }).toEqual({ hasArrived: true, recordId: '7' });
    expect(names).toEqual(['record', 'signed', 'accepted', 'stored', 'drained', 'row']);
    expect(posts).toEqual([place.address]);
    expect(keys).toEqual(['d-1', 'd-1', 'd-1']);
  });

  it.each<readonly [string, World, string, string]>([
    ['there is no record to try it with', { records: [] }, 'record', 'no record'],
    ['there is no secret', { sample: new AppError('webhook.no_secret', { source: 'crm', setting: 'hookSecret' }) }, 'signed', 'hookSecret'],
    ['our own door refuses it', { door: new AppError('webhook.unauthorised', { reason: 'signature' }) }, 'signed', 'not signed'],
    ['nobody answers', { status: 0, problem: 'ECONNREFUSED' }, 'accepted', 'ECONNREFUSED'],
    ['another secret is behind the address', { status: 401 }, 'accepted', 'another secret'],
    ['the address leads elsewhere', { status: 302 }, 'accepted', 'leads elsewhere'],
    ['nothing is at the address', { status: 404 }, 'accepted', 'something else'],
    ['it was taken into another store', { stored: [null] }, 'stored', 'another store'],
    ['no worker drains it', { stored: [{ isDone: false }] }, 'drained', 'no worker'],
    ['there is no row', { outcome: 'created' }, 'row', 'no row'],
    ['the row differs', { outcome: 'changed' }, 'row', 'differs'],
    ['the row cannot be read', { outcome: new AppError('record.not_found') }, 'row', ''],
  ])('ends, with words of what to do, where %s', async (_what, world, step, words) => {
    const { hasArrived, last } = await tried(world);
    expect(hasArrived).toBe(false);
    expect(last).toMatchObject({ step, isDone: false });
    expect(last?.detail).toContain(words);
  });

  it('counts a record whose row was removed as arrived', async () => {
    expect((await tried({ outcome: 'removed' })).hasArrived).toBe(true);
  });

  it('takes a record by its id, with its table', async () => {
    expect((await tried({}, { table: 'account', recordId: '7' })).recordId).toBe('7');
    await expect(tried({}, { recordId: '7' })).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
