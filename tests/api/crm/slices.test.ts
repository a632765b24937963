import { type CrmRequest, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readRecords } from './support/people-crm.ts';
import { lintManifest } from '../../../api/src/crm/manifest/lint.ts';

const query = { from: '{{slice.from}}', below: '{{slice.to | default("99999999")}}' };
const edge = (sort: string) => ({ path: '/people', query: { sort, size: 1 }, value: 'data[0].id' });
const slices = { by: 'number', at: 'id', into: 3, lowest: edge('id'), highest: edge('-id') } as const;
const manifest = peopleManifest({ list: { path: '/people', query, slices } });

const ids = [1, 2, 5, 30, 31, 59, 60, 89, 90];
const people = (wanted: (id: number) => boolean) => ({ data: ids.filter(wanted).map((id) => ({ id, updated: '2026-01-10T00:00:00Z' })) });
const answer = ({ query: asked }: CrmRequest) => {
  const sort = asked.get('sort');
  if (sort !== null) return { body: people((id) => id === (sort === 'id' ? ids[0] : ids.at(-1))) };
  return { body: people((id) => id >= Number(asked.get('from') ?? 0) && id < Number(asked.get('below'))) };
};

describe('a list that workers share', () => {
  it('is read once by all slices together, and as a whole without one', async () => {
    const crm = await startCrm(answer);
    try {
      const { people: reader } = openPeople(manifest, crm.url);
      const planned = (await reader.planSlices?.(null, never)) ?? [];
      expect(planned).toEqual([{ to: 31 }, { from: 31, to: 61 }, { from: 61 }]);
      const read = await Promise.all(planned.map((slice) => readRecords(reader.listAll(null, never, slice))));
      expect(read.map((records) => idsOf(records).length)).toEqual([4, 3, 2]);
      expect(read.flatMap(idsOf).toSorted()).toEqual(ids.map(String).toSorted());
      expect(idsOf(await readRecords(reader.listAll(null, never)))).toEqual(ids.map(String));
    } finally {
      await crm.stop();
    }
  });

  it('is not shared when it is empty', async () => {
    const crm = await startCrm(() => ({ body: { data: [] } }));
    try {
      expect(await openPeople(manifest, crm.url).people.planSlices?.(null, never)).toEqual([]);
    } finally {
      await crm.stop();
    }
  });

  it('stops when the CRM ignores the slice, as every worker would read everything', async () => {
    const crm = await startCrm(() => ({ body: people(() => true) }));
    try {
      const { people: reader } = openPeople(manifest, crm.url);
      expect(await readRecords(reader.listAll(null, never, { from: 31, to: 60 })).catch((error: unknown) => error)).toMatchObject({
        code: 'crm.filter_ignored',
      });
    } finally {
      await crm.stop();
    }
  });

  it('names both ends in its request, or the manifest is refused', () => {
    const problemsOf = (list: object) => lintManifest(peopleManifest({ list: { path: '/people', ...list } })).map(({ problem }) => problem);
    expect(problemsOf({ query, slices })).toEqual([]);
    expect(problemsOf({ query: { from: '{{slice.from}}' }, slices })).toEqual(['the request does not use {{slice.to}}']);
    expect(problemsOf({ query: { below: '{{slice.to}}' } })).toEqual([expect.stringContaining('{{slice}} is not known here')]);
  });
});
