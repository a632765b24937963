import { type CrmReply, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readRecords } from './support/people-crm.ts';
import { failureOf } from '../../unit/crm/failure-of.ts';

const fromMs = Date.UTC(2026, 0, 10);
const toMs = Date.UTC(2026, 0, 11);
const iso = (ms: number): string => new Date(ms).toISOString();

const since = peopleManifest({ deleted: 'gone == true', changes: { mode: 'since', path: '/people', query: { since: '{{from | iso}}' } } });
const windowed = peopleManifest({
  changes: { mode: 'window', path: '/people', query: { since: '{{from | iso}}', until: '{{to | epochSeconds}}' } },
});

const changesOf = async (manifest: typeof since, answer: CrmReply | ((count: number) => CrmReply)) => {
  const crm = await startCrm((_request, count) => (typeof answer === 'function' ? answer(count) : answer));
  try {
    const { people } = openPeople(manifest, crm.url);
    const result = await readRecords(people.listChanges({ fromMs, toMs }, null, never)).catch((error: unknown) => error);
    return { result, query: Object.fromEntries(crm.requests[0]?.query ?? []) };
  } finally {
    await crm.stop();
  }
};
const person = (id: number, ms: number, more: object = {}) => ({ id, updated: iso(ms), ...more });

describe('reading what has changed', () => {
  it('asks for the window as the manifest writes it', async () => {
    expect((await changesOf(since, { body: { data: [] } })).query).toEqual({ since: '2026-01-10T00:00:00.000Z' });
    expect((await changesOf(windowed, { body: { data: [] } })).query).toEqual({ since: '2026-01-10T00:00:00.000Z', until: '1768089600' });
  });

  it('keeps the record at the very beginning, and those that changed after the end when the CRM knows no end', async () => {
    const { result } = await changesOf(since, {
      body: { data: [person(1, fromMs), person(2, toMs + 3_600_000), { id: 3, updated: null }] },
    });
    expect(idsOf(result as never)).toEqual(['1', '2', '3']);
  });

  it('stops when the CRM gives older records, because then it has ignored the filter and gives everything', async () => {
    const { result } = await changesOf(since, { body: { data: [person(1, fromMs), person(2, fromMs - 86_400_000)] } });
    expect(result).toMatchObject({ code: 'crm.filter_ignored' });
  });

  it('stops at newer records when it asked for an end', async () => {
    const { result } = await changesOf(windowed, { body: { data: [person(1, toMs + 60_000)] } });
    expect(result).toMatchObject({ code: 'crm.filter_ignored' });
  });

  it('lets a removed record through whose time the removal did not move', async () => {
    const { result } = await changesOf(since, { body: { data: [person(1, fromMs - 86_400_000, { gone: true })] } });
    expect(result).toMatchObject([{ id: '1', isDeleted: true }]);
  });

  it('loses none of thousands of records that share one timestamp', async () => {
    const ids = Array.from({ length: 3000 }, (_, position) => position + 1);
    const manifest = peopleManifest({
      page: { kind: 'page', param: 'page', end: { totalPages: 'pages' } },
      changes: { mode: 'since', path: '/people', query: { since: '{{from | iso}}' } },
    });
    const { result } = await changesOf(manifest, (count) => ({
      body: { data: ids.slice((count - 1) * 100, count * 100).map((id) => person(id, fromMs)), pages: 30 },
    }));
    expect(idsOf(result as never)).toEqual(ids.map(String));
  });

  it('says how windows must overlap and lag', () => {
    const { people } = openPeople(since, 'http://127.0.0.1:9');
    expect([people.canListChanges, people.overlapMs, people.lagMs]).toEqual([true, 120_000, 30_000]);
    expect(openPeople(peopleManifest(), 'http://127.0.0.1:9').people.canListChanges).toBe(false);
  });

  it('is refused when the manifest cannot do it', () => {
    const { people } = openPeople(peopleManifest(), 'http://127.0.0.1:9');
    expect(failureOf(() => people.listChanges({ fromMs, toMs }, null, never))).toMatchObject({ code: 'crm.bad_answer' });
  });
});
