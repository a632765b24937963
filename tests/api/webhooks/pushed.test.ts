import { createHmac, randomBytes } from 'node:crypto';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import { createRunService } from '../../../api/src/runs/run-service.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { mendOpenWrites } from '../../../api/src/sync/mend-open-writes.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { createWebhookService } from '../../../api/src/webhooks/webhook-service.ts';
import { systemClock } from '../../support/databases.ts';
import { makeProcess } from '../../support/hand-made-process.ts';
import { sceneOfDeliveries } from './support/drained-deliveries.ts';

const never = new AbortController().signal;
const hookSecret = 'a secret of some length';
const secretName = 'Ana Trujillo';

/** A CRM behind a firewall: it posts its records, and nobody can ask for them. */
const manifest = `
manifest: crm-sync/v1
id: behind-a-wall
name: Behind a wall
version: 1.0.0
connection:
  baseUrl: https://crm.example.com
  settings: { hookSecret: { title: Secret, type: secret } }
auth: { kind: none }
tables:
  account: { pushOnly: true, id: id, map: [{ to: name, from: name }] }
  contact:
    pushOnly: true
    id: id
    parent: { table: account, path: company }
    map: [{ to: name, from: name }]
webhooks:
  verify: { kind: hmac, secret: hookSecret, alg: sha256, sign: "{{body}}", signature: { header: X-Sig, encoding: hex }, id: { header: X-Id } }
  at: at
  events:
    - { when: gone == true, do: delete, table: contact, ids: id }
    - { when: forget == true, do: erase, table: contact, ids: id }
    - { when: kind == "company", table: account, ids: id, record: data }
    - { table: contact, ids: id, record: data }
`;

const behindAWall = (): Manifest => {
  const reading = readManifest(manifest);
  if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
  return reading.manifest;
};

describe('records that a CRM posts and nobody can ask for', () => {
  const { scene, drain } = sceneOfDeliveries('wall');

  const connect = ({ credentials }: Pick<Store, 'credentials'>): Source => {
    const { id } = scene.source;
    const connector = openConnector({ manifest: behindAWall(), source: { id, settings: { hookSecret } }, clock: systemClock, credentials });
    return { id, name: 'Behind a wall', connector };
  };
  beforeEach(() => {
    scene.source = connect(scene.store);
  });

  let posts = 0;
  const post = async (event: object, signature?: string) => {
    posts += 1;
    const rawBody = Buffer.from(JSON.stringify(event));
    const signed = signature ?? createHmac('sha256', hookSecret).update(rawBody).digest('hex');
    const service = createWebhookService({
      sources: { all: () => [scene.source] },
      inbox: scene.store.inbox,
      drain: { call: () => undefined },
      refusals: { note: () => undefined },
      clock: systemClock,
      publicUrl: 'https://sync.example.com',
    });
    return service.receive(scene.source.id, { method: 'POST', headers: { 'x-sig': signed, 'x-id': `p${posts}` }, rawBody, query: '' });
  };
  const at = (minute: number): string => new Date(Date.UTC(2026, 10, 26, 12, minute)).toISOString();
  const person = (name: string, minute: number, company: string | null = null) => ({
    id: '7',
    at: at(minute),
    data: { id: '7', name, company },
  });
  const row = (id = '7') => scene.dataverse.rows.get(scene.keyOf(id));
  const inboxText = async (): Promise<string> => {
    const raw = await scene.database.openRaw();
    try {
      const { rows } = await raw.query<{ text: string }>(
        `select coalesce(string_agg(inbox::text, ' '), '') as text from ${scene.database.options.schema}.inbox where source_id = $1`,
        [scene.source.id],
      );
      return rows[0]?.text ?? '';
    } finally {
      await raw.close();
    }
  };

  it('are written as they came, wait sealed, and are forgotten when they are written', async () => {
    await post(person(secretName, 1));
    const waiting = await inboxText();
    expect(waiting).toContain('isCarried');
    expect(waiting).not.toContain(secretName);
    expect(waiting).toMatch(/v1\.[0-9a-f]{16}\./);
    await drain();
    expect(row()).toMatchObject({ name: secretName });
    expect(await inboxText()).not.toMatch(/v1\.[0-9a-f]{16}\./);
    const [delivery] = await scene.store.deliveries.list(scene.source.id, { beforeId: null, limit: 1 });
    expect(delivery).toMatchObject({ outcome: { written: 1 }, occurredOnMs: Date.parse(at(1)), secret: 'hookSecret' });
  });

  it('an older state that comes late changes nothing, in the same batch and in a later one', async () => {
    await post(person('newer', 5));
    await post(person('older', 3));
    await drain();
    expect(row()).toMatchObject({ name: 'newer' });
    await post(person('older still', 4));
    await drain();
    expect(row()).toMatchObject({ name: 'newer' });
    await post(person('newest', 6));
    await drain();
    expect(row()).toMatchObject({ name: 'newest' });
  });

  it('a deletion stands against what was posted before it and comes late; what is newer brings the record back', async () => {
    await post(person('first', 1));
    await drain();
    await post({ id: '7', at: at(9), gone: true });
    await drain();
    expect(row()).toMatchObject({ statecode: 1 });
    await post(person('late', 8));
    await drain();
    expect(row()).toMatchObject({ statecode: 1, name: 'first' });
    await post(person('back', 10));
    await drain();
    expect(row()).toMatchObject({ statecode: 0, name: 'back' });
  });

  it('a deletion that comes before anything else is known keeps what is older from being written', async () => {
    await post({ id: '7', at: at(9), gone: true });
    await drain();
    await post(person('late', 8));
    await drain();
    expect(row()).toBeUndefined();
  });

  it('a deletion that is older than what was written removes nothing', async () => {
    await post(person('kept', 9));
    await drain();
    await post({ id: '7', at: at(8), gone: true });
    await drain();
    expect(row()).not.toHaveProperty('statecode');
  });

  it('who is erased does not come back with an older state', async () => {
    await post(person('forget me', 1));
    await drain();
    await post({ id: '7', at: at(2), forget: true });
    await drain();
    expect(row()).toBeUndefined();
    await post(person('forget me', 1));
    await drain();
    expect(row()).toBeUndefined();
  });

  it('who is erased does not come back either when the process died in the middle of it', async () => {
    await post(person('forget me', 1));
    await drain();
    scene.dataverse.refused.add(scene.keyOf('7'));
    await post({ id: '7', at: at(2), forget: true });
    await drain();
    scene.dataverse.refused.clear();
    const clock = { nowMs: () => systemClock.nowMs() + 3_600_000 };
    const commitPage = async () => {
      throw new Error('killed');
    };
    await expect(drain({ clock, records: { ...scene.store.records, commitPage } })).rejects.toThrow('killed');
    await drain({ clock });
    expect(await scene.store.erasures.waiting(scene.source.id)).toBe(0);
    await post(person('forget me', 1));
    await drain();
    expect(row()).toBeUndefined();
  });

  it('do not stop the runs of other tables when a process died while it wrote them', async () => {
    await scene.store.records.beginWrite(scene.source.id, 'contact', ['7']).then(({ leave }) => leave());
    const raw = await scene.database.openRaw();
    await raw.query(`update ${scene.database.options.schema}.open_write set alive_on = alive_on - interval '1 hour' where source_id = $1`, [
      scene.source.id,
    ]);
    await raw.close();
    expect(await mendOpenWrites(scene.source, makeProcess(scene), never)).toBe(1);
    expect(await scene.store.records.takeAbandonedWrite(scene.source.id, 'contact')).toBeNull();
  });

  it('a contact that comes before its account is linked when the account comes', async () => {
    await post(person('child', 1, 'c1'));
    await drain();
    expect(row()).toMatchObject({ ccsync_syncstatus: 863_400_001 });
    await post({ kind: 'company', id: 'c1', at: at(2), data: { id: 'c1', name: 'The company' } });
    await drain();
    expect(row()).toMatchObject({
      ccsync_syncstatus: 863_400_000,
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${scene.keyOf('c1')}')`,
    });
  });

  it('one that has another id than its event names fails, and is not written', async () => {
    await post({ ...person('other', 1), id: '8' });
    await drain();
    expect(scene.dataverse.rows.size).toBe(0);
    expect(await scene.store.records.findFailure(scene.source.id, 'contact', '8')).toMatchObject({ code: 'record.unreadable' });
  });

  it('are refused without a signature, and nothing of them is stored', async () => {
    await expect(post(person(secretName, 1), '00')).rejects.toMatchObject({ code: 'webhook.unauthorised' });
    expect(await inboxText()).toBe('');
  });

  it('say what is lost when the key that sealed them is gone, and keep no other delivery waiting', async () => {
    await post(person('sealed', 1));
    await scene.reopenStore({ sealKeys: [randomBytes(32)] });
    scene.source = connect(scene.store);
    await post({ kind: 'company', id: 'c1', at: at(2), data: { id: 'c1', name: 'The company' } });
    await drain();
    expect(row()).toBeUndefined();
    expect(row('c1')).toMatchObject({ name: 'The company' });
    expect(await scene.store.records.findFailure(scene.source.id, 'contact', '7')).toMatchObject({ code: 'record.payload_lost' });
  });

  it('need a key that seals them: without one the source does not open', async () => {
    const unsealed = await scene.database.open();
    expect(() => connect(unsealed)).toThrow(expect.objectContaining({ code: 'source.secrets_key_missing' }));
    await unsealed.close();
  });

  it('cannot be replayed once they are written, which the answer says', async () => {
    await post(person('gone', 1));
    await drain();
    expect(await scene.store.deliveries.replay(scene.source.id, {}, 1)).toEqual({ replayed: 0, withoutPayload: 1 });
    expect(await scene.store.inbox.pending(scene.source.id, 1)).toEqual([]);
  });

  it('are no run’s business: whoever starts one learns why nothing is read', async () => {
    const runs = createRunService({
      sources: createSources([scene.source]),
      runs: scene.store.runs,
      jobs: { send: async () => undefined },
      clock: systemClock,
      log: { info: () => undefined, error: () => undefined },
      sleep: async () => undefined,
    });
    await expect(runs.start({ sourceId: scene.source.id, mode: 'full' }, 'cli')).rejects.toMatchObject({ code: 'record.push_only' });
  });
});
