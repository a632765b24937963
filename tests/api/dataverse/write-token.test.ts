import { AppError, isAppError } from '../../../api/src/errors/app-error.ts';
import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import type { ScriptedDataverse } from './scripted-dataverse.ts';
import {
  type Scene,
  answer,
  bulk,
  contacts,
  inTurn,
  interactive,
  never,
  refuseKeys,
  rowsNamed,
  startScene,
  statusOf,
  tooLong,
  ways,
} from './writing-scene.ts';

const codeThrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
  return 'nothing was thrown';
};

describe('writing with a token', () => {
  let scene: Scene;
  let server: ScriptedDataverse;
  let dataverse: Dataverse;

  beforeEach(async () => {
    scene = await startScene();
    ({ server, dataverse } = scene);
  });

  afterEach(() => scene.close());

  describe.each(ways)('by $way', ({ table }) => {
    it('signs in again once when the token is refused, and says so when that does not help', async () => {
      server.script.fault = inTurn(answer(401));
      expect(statusOf(await dataverse.upsert(table, rowsNamed(1), bulk))).toEqual(['written']);
      expect(scene.tokens.invalidated).toBe(1);
      expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-0-true', 'Bearer token-1-true']);

      server.script.fault = () => answer(401);
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.unauthorised' });
    });

    it('throws one token away once, however many lanes were refused with it', async () => {
      server.script.fault = (request) => (request.headers.authorization === 'Bearer token-0-true' ? answer(401) : undefined);
      await dataverse.upsert(table, rowsNamed(2000), bulk);
      expect(scene.tokens.invalidated).toBe(1);
      expect(server.rows.size).toBe(2000);
    });

    it('never writes a token, a name or a body to the log', async () => {
      server.script.fault = inTurn({ kind: 'reset' }, answer(401), answer(429, '0x80072322', { 'retry-after': '2' }), answer(503));
      server.script.refuseRow = refuseKeys(['crm~1'], { ...tooLong, message: "The value 'Name 1' is bad" });
      await dataverse.upsert(table, rowsNamed(3), bulk);
      expect(scene.logged).toHaveLength(4);
      expect(scene.logged.join('\n')).not.toMatch(/token-|Name \d|lastname/);
      expect(scene.logged.join('\n')).toContain('ref-1');
    });
  });

  it('sits out a sign-in that cannot be reached for a moment', async () => {
    let downFor = 2;
    const credential = {
      getToken: async () => {
        downFor -= 1;
        if (downFor >= 0) throw new AppError('dataverse.unreachable', { host: 'login.example.org', problem: 'ECONNREFUSED' });
        return 'token';
      },
      invalidate: () => {},
    };
    expect(statusOf(await scene.open({ users: [{ clientId: 'first', credential }] }).upsert(contacts, rowsNamed(1), bulk))).toEqual([
      'written',
    ]);
    downFor = 100;
    await expect(
      scene.open({ users: [{ clientId: 'first', credential }] }).upsert(contacts, rowsNamed(1), interactive),
    ).rejects.toMatchObject({
      code: 'dataverse.unreachable',
      details: { host: 'login.example.org' },
    });
  });

  it('says who it is, and takes the number of lanes from that answer', async () => {
    expect(await dataverse.whoAmI(never)).toMatchObject({ userId: 'user', organizationId: 'org' });
  });

  it('sends no token over an unencrypted line', () => {
    expect(codeThrownBy(() => scene.open({ url: 'http://contoso.crm4.dynamics.com' }))).toBe('dataverse.address_refused');
    expect(codeThrownBy(() => scene.open({ url: 'http://127.0.0.1.example.org' }))).toBe('dataverse.address_refused');
    expect(codeThrownBy(() => scene.open({ url: 'nonsense' }))).toBe('dataverse.address_refused');
  });
});
