import type { Dataverse, TableDescription } from '../../../api/src/dataverse/types.ts';
import { type SandboxScene, bulk, contact, never, startSandboxScene } from './sandbox-scene.ts';

const agent = '44444444-4444-4444-8444-444444444444';
const restricted = '55555555-5555-4555-8555-555555555555';

describe('Dataverse in the sandbox', () => {
  let scene: SandboxScene;

  beforeAll(async () => {
    scene = await startSandboxScene();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  describe('reading', () => {
    let dataverse: Dataverse;
    let contacts: TableDescription;
    const select = ['lastname', 'contactid', '_parentcustomerid_value'];

    beforeEach(async () => {
      dataverse = scene.open();
      contacts = await dataverse.describeTable('contact', never);
      await dataverse.upsert(
        contacts,
        Array.from({ length: 1200 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}` })),
        bulk,
      );
      await scene.control('DELETE', 'statistics');
    });

    it('finds a row by key and by id', async () => {
      const byKey = await dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select, signal: never });
      expect(byKey).toMatchObject({ lastname: 'Name 7', _parentcustomerid_value: null });
      const rowId = String(byKey?.contactid);
      expect(await dataverse.readRow(contacts, { rowId }, { select, signal: never })).toMatchObject({ lastname: 'Name 7' });
    });

    it('finds nothing for a key or id that is not there, nor for one that is none', async () => {
      for (const address of [
        { sourceKey: 'crm~x' },
        { sourceKey: "o'x" },
        { rowId: '6f2b1c1e-0000-4000-8000-00000000000a' },
        { rowId: "x')" },
      ]) {
        expect(await dataverse.readRow(contacts, address, { select, signal: never })).toBeNull();
      }
    });

    it('shows a person only what that person may read', async () => {
      const read = (asUser: string) => dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select, signal: never, asUser });
      expect(await read(agent)).toMatchObject({ lastname: 'Name 7' });
      expect(await read(restricted)).toBeNull();
      expect(await read('6f2b1c1e-0000-4000-8000-00000000000a')).toBeNull();
    });

    it('says when a column to read does not exist', async () => {
      await expect(dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select: ['shoesize'], signal: never })).rejects.toMatchObject({
        code: 'dataverse.refused',
      });
    });

    it('finds the rows of a whole page by key in one request, and leaves out those that are not there', async () => {
      const keys = Array.from({ length: 1300 }, (_, index) => `crm~${index}`);
      const rows = await dataverse.readRowsByKey(contacts, [...keys, 'crm~1', "o'x"], { select: ['lastname'], signal: never });
      expect(rows.size).toBe(1200);
      expect(rows.get('crm~1199')).toMatchObject({ lastname: 'Name 1199' });
      expect((await scene.statistics()).requests).toBe(1);
    });

    it('finds a few rows, and asks nothing for none', async () => {
      expect([...(await dataverse.readRowsByKey(contacts, ['crm~3', 'crm~x'], { select, signal: never })).keys()]).toEqual(['crm~3']);
      expect((await dataverse.readRowsByKey(contacts, [], { select, signal: never })).size).toBe(0);
      expect((await scene.statistics()).requests).toBe(1);
    });

    it('reads on through throttling', async () => {
      await scene.control('POST', 'faults', { kind: 'throttle', count: 1, retryAfterSeconds: 1 });
      const rows = await dataverse.readRowsByKey(
        contacts,
        Array.from({ length: 600 }, (_, index) => `crm~${index}`),
        { select: ['lastname'], signal: never },
      );
      expect(rows.size).toBe(600);
    });
  });
});
