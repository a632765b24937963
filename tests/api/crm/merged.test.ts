import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readPages } from './support/people-crm.ts';

const survivor = { id: 's', updated: '2026-01-01T00:00:00Z', absorbed: ['a', 'b'] };
const manifest = peopleManifest({
  merged: 'absorbed',
  getMany: { path: '/people', query: { ids: '{{ids | join}}' }, max: 10 },
});

describe('a record into which others were merged', () => {
  let crm: CrmServer;
  let answer: (request: CrmRequest) => CrmReply;
  beforeEach(async () => {
    crm = await startCrm((request) => answer(request));
  });
  afterEach(() => crm.stop());
  const people = () => openPeople(manifest, crm.url).people;

  it.each([
    ['a list', ['a', 'b']],
    ['one text', 'a;b'],
    ['one text with blanks, and its own id in it', 'a; b ;s'],
  ])('tells that they are gone, however it names them: %s', async (_how, absorbed) => {
    answer = () => ({ body: { data: [{ ...survivor, absorbed }] } });
    const [page] = await readPages(people().listAll(null, never));
    expect(page?.records.map(({ id, isDeleted }) => [id, isDeleted])).toEqual([
      ['a', true],
      ['b', true],
      ['s', false],
    ]);
  });

  it.each([[null], [''], [undefined]])('tells of nobody when it names none: %s', async (absorbed) => {
    answer = () => ({ body: { data: [{ ...survivor, absorbed }] } });
    const [page] = await readPages(people().listAll(null, never));
    expect(idsOf(page?.records ?? [])).toEqual(['s']);
  });

  it('is no answer for one of them: there is no such record any more', async () => {
    answer = ({ path }) => ({ body: path === '/people' ? { data: [survivor] } : survivor });
    expect(await people().getOne('a', never)).toBeNull();
    expect(await people().getOne('s', never)).toMatchObject({ id: 's' });
    expect(idsOf(await people().getMany(['a', 's'], never))).toEqual(['s']);
    expect(await people().getMany(['a', 'b'], never)).toEqual([]);
  });

  it('is a wrong answer for any other', async () => {
    answer = ({ path }) => ({ body: path === '/people' ? { data: [survivor] } : survivor });
    await expect(people().getOne('x', never)).rejects.toMatchObject({ code: 'crm.bad_answer' });
    await expect(people().getMany(['x'], never)).rejects.toMatchObject({ code: 'crm.bad_answer' });
  });
});
