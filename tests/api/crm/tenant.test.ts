import { startCrm } from './support/crm-server.ts';
import { openPeople, peopleManifest } from './support/people-crm.ts';
import { allOf, data, person } from './support/quirks.ts';

describe('whose data a source reads', () => {
  const probe = { path: '/me', tenant: { path: 'org.id' } } as const;

  it('is asked before anything is read, and another answer than before stops it', async () => {
    let tenant = 'one';
    const crm = await startCrm(({ path }) => (path === '/me' ? { body: { org: { id: tenant } } } : data(person(1))));
    let nowMs = 0;
    const { people } = openPeople(peopleManifest({}, { probe }), crm.url, { clock: { nowMs: () => nowMs } });
    await allOf(people);
    await allOf(people);
    expect(crm.requests.filter(({ path }) => path === '/me')).toHaveLength(1);
    tenant = 'two';
    nowMs = 2 * 3_600_000;
    await expect(allOf(people)).rejects.toMatchObject({ code: 'crm.other_tenant' });
    await crm.stop();
  });
});
