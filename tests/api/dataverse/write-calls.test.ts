import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import type { ScriptedDataverse } from './scripted-dataverse.ts';
import { type Scene, bulk, contacts, interactive, rowsNamed, startScene, statusOf, ways } from './writing-scene.ts';

describe('calls that write', () => {
  let scene: Scene;
  let server: ScriptedDataverse;
  let dataverse: Dataverse;

  beforeEach(async () => {
    scene = await startScene();
    ({ server, dataverse } = scene);
  });

  afterEach(() => scene.close());

  describe.each(ways)('by $way', ({ table }) => {
    it('lands every row once, in requests that never share a row', async () => {
      const outcomes = await dataverse.upsert(table, rowsNamed(2500), bulk);
      expect(outcomes).toHaveLength(2500);
      expect(new Set(statusOf(outcomes))).toEqual(new Set(['written']));
      expect(server.rows.size).toBe(2500);
      expect(server.rows.get('crm~1234')).toEqual({ lastname: 'Name 1234' });
      expect(server.overlaps.sameRow).toBe(0);
      expect(server.overlaps.mostAtOnce).toBeGreaterThan(1);
      expect(server.overlaps.mostAtOnce).toBeLessThanOrEqual(4);
    });

    it('refuses a call that names a row twice, before anything is sent', async () => {
      const [row] = rowsNamed(1);
      if (!row) throw new Error('no row');
      await expect(dataverse.upsert(table, [row, row], bulk)).rejects.toThrow('twice');
      expect(server.requests).toEqual([]);
    });

    it('keeps two calls with the same rows apart', async () => {
      await Promise.all(Array.from({ length: 6 }, () => dataverse.upsert(table, rowsNamed(150), bulk)));
      expect(server.overlaps.sameRow).toBe(0);
      expect(server.rows.size).toBe(150);
    });

    it('stops when it is called off, and sends nothing afterwards', async () => {
      const abort = new AbortController();
      server.script.fault = (_, index) => {
        if (index === 1) abort.abort(new Error('the run was cancelled'));
        return undefined;
      };
      await expect(dataverse.upsert(table, rowsNamed(5000), { lane: 'bulk', signal: abort.signal })).rejects.toThrow(
        'the run was cancelled',
      );
      const sent = server.requests.length;
      await dataverse.close();
      expect(server.requests.length).toBe(sent);
      expect(sent).toBeLessThanOrEqual(8);
    });
  });

  it('does not let an agent’s click wait while bulk lanes are all busy', async () => {
    const release = Promise.withResolvers<void>();
    server.script.fault = ({ keys }) => (keys.includes('crm~click') ? undefined : { kind: 'hold', until: release.promise });
    const run = dataverse.upsert(contacts, rowsNamed(5000), bulk);
    await dataverse.upsert(contacts, [{ sourceKey: 'crm~click', columnsJson: '"lastname":"Clicked"' }], interactive);
    expect(server.rows.get('crm~click')).toEqual({ lastname: 'Clicked' });
    expect(server.rows.size).toBe(1);
    release.resolve();
    await run;
    expect(server.rows.size).toBe(5001);
  });

  it('ends what is under way when it is closed', async () => {
    server.script.fault = () => ({ kind: 'hold', until: new Promise(() => {}) });
    const writing = dataverse.upsert(contacts, rowsNamed(3), bulk);
    const ended = expect(writing).rejects.toThrow('closed');
    await dataverse.close();
    await ended;
  });
});
