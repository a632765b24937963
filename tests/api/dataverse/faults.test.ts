import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import type { ScriptedDataverse } from './scripted-dataverse.ts';
import { type Scene, answer, bulk, contacts, inTurn, interactive, rowsNamed, startScene, statusOf, ways } from './writing-scene.ts';

describe('writing while Dataverse misbehaves', () => {
  let scene: Scene;
  let server: ScriptedDataverse;
  let dataverse: Dataverse;

  beforeEach(async () => {
    scene = await startScene();
    ({ server, dataverse } = scene);
  });

  afterEach(() => scene.close());

  describe.each(ways)('by $way', ({ table }) => {
    it('lands everything although the answers to half of the requests are lost after the commit', async () => {
      server.script.fault = (_, index) => (index % 2 === 0 ? { kind: 'lose answer' } : undefined);
      const outcomes = await dataverse.upsert(table, rowsNamed(1000), bulk);
      expect(new Set(statusOf(outcomes))).toEqual(new Set(['written']));
      expect(server.rows.size).toBe(1000);
    });

    it('tries again after a broken connection and after 502, 503 and 504', async () => {
      server.script.fault = inTurn({ kind: 'reset' }, answer(502), answer(503), answer(504));
      const outcomes = await dataverse.upsert(table, rowsNamed(3), bulk);
      expect(statusOf(outcomes)).toEqual(['written', 'written', 'written']);
      // 1 s, 2 s, 4 s, 8 s, each times 0.75 with this randomness.
      expect(scene.slept).toEqual([750, 1500, 3000, 6000]);
    });

    it('waits as long as Retry-After says, in all lanes', async () => {
      server.script.fault = inTurn(answer(429, '0x80072322', { 'retry-after': '120' }));
      const startedMs = scene.nowMs();
      await dataverse.upsert(table, rowsNamed(1), bulk);
      expect(scene.nowMs() - startedMs).toBe(120_000);

      server.script.fault = (_, index) => (index === 2 ? answer(429, '0x80072326', { 'retry-after': '9' }) : undefined);
      const [, read] = await Promise.all([
        dataverse.upsert(table, rowsNamed(1), bulk),
        dataverse.upsert(table, rowsNamed(1, 5), interactive),
      ]);
      expect(read).toEqual([{ status: 'written' }]);
      expect(scene.nowMs() - startedMs).toBeGreaterThanOrEqual(129_000);
    });

    it('tells a person at once when Dataverse wants more patience than a click has', async () => {
      server.script.fault = () => answer(429, '0x80072321', { 'retry-after': '240' });
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({
        code: 'dataverse.rate_limited',
        details: { seconds: 240 },
      });
      expect(scene.slept).toEqual([]);
    });

    it('gives up on throttling that never ends', async () => {
      server.script.fault = () => answer(429, '0x80072322', { 'retry-after': '60' });
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.rate_limited' });
      expect(server.requests.length).toBeLessThan(30);
    });

    it('says that the service fails when it fails for good, and that it cannot be reached when nobody answers', async () => {
      server.script.fault = () => answer(503);
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({ code: 'dataverse.failing' });
      server.script.fault = () => ({ kind: 'reset' });
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({
        code: 'dataverse.unreachable',
        details: { problem: 'ECONNRESET' },
      });
    });

    it('repeats a deadlock a few times', async () => {
      server.script.fault = inTurn(answer(500, '0x80044150'), answer(500, '-2147204784'));
      expect(statusOf(await dataverse.upsert(table, rowsNamed(2), bulk))).toEqual(['written', 'written']);
    });
  });

  it('halves a batch that SQL has no time for, and goes on with smaller ones', async () => {
    server.script.fault = ({ keys }) => (keys.length > 60 ? answer(500, '0x80044151') : undefined);
    expect(new Set(statusOf(await dataverse.upsert(contacts, rowsNamed(1000), bulk)))).toEqual(new Set(['written']));
    expect(server.rows.size).toBe(1000);
    server.requests.length = 0;
    await dataverse.upsert(contacts, rowsNamed(1000), bulk);
    expect(server.requests.filter(({ keys }) => keys.length > 60).length).toBeLessThanOrEqual(3);
  });

  it('sends a $batch again when its answer does not fit, and in the end says so', async () => {
    const cut = { kind: 'answer', status: 200, headers: { 'content-type': 'multipart/mixed; boundary=b' }, body: '--b\r\n' } as const;
    const [, { table }] = ways;
    server.script.fault = inTurn(cut);
    expect(statusOf(await dataverse.upsert(table, rowsNamed(2), bulk))).toEqual(['written', 'written']);
    server.script.fault = () => cut;
    await expect(dataverse.upsert(table, rowsNamed(2), bulk)).rejects.toMatchObject({ code: 'dataverse.failing' });
  });

  it('sends again only those parts of a $batch that were throttled', async () => {
    const [, { table }] = ways;
    const throttled = new Set(['crm~5', 'crm~6']);
    server.script.refuseRow = ({ key }) =>
      throttled.delete(key)
        ? { status: 429, code: '0x80072322', message: 'Number of requests exceeded the limit', headers: { 'Retry-After': '11' } }
        : undefined;
    expect(new Set(statusOf(await dataverse.upsert(table, rowsNamed(8), bulk)))).toEqual(new Set(['written']));
    expect(server.requests.map(({ keys }) => keys)).toEqual([rowsNamed(8).map(({ sourceKey }) => sourceKey), ['crm~5', 'crm~6']]);
    expect(scene.slept).toContain(11_000);
  });
});
