import { createHmac } from 'node:crypto';
import { createIdReader } from '../../../../api/src/crm/reader/record-id.ts';
import { readManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import { hooksOf } from '../../../../api/src/crm/webhook/hooks-of.ts';
import { createWebhookDoor } from '../../../../api/src/crm/webhook/webhook-door.ts';
import type { WebhooksBody } from './vector.ts';

const nowMs = Date.UTC(2026, 10, 26);
const verify: WebhooksBody['verify'] = {
  kind: 'hmac',
  secret: 'hookSecret',
  alg: 'sha256',
  sign: '{{body}}',
  signature: { header: 'X-Sig', encoding: 'hex' },
};

const open = (webhooks: Partial<WebhooksBody>, furtherSecrets: Readonly<Record<string, readonly string[]>> = {}) =>
  createWebhookDoor({
    sourceId: 'crm',
    bodies: hooksOf({
      webhooks: { verify, events: [{ table: 'contact', ids: 'id' }], ...webhooks },
      moreWebhooks: { other: { verify, events: [{ table: 'account', ids: 'id' }] } },
    }),
    settings: { hookSecret: 'first', token: 'shown' },
    furtherSecrets,
    idReaders: { contact: createIdReader('id'), account: createIdReader('id') },
  });

const post = (body: unknown, secret = 'first', headers: Readonly<Record<string, string>> = {}) => {
  const rawBody = Buffer.from(JSON.stringify(body));
  const signature = createHmac('sha256', secret).update(rawBody).digest('hex');
  return { method: 'POST', url: 'https://sync.example.com/webhooks/crm', headers: { 'x-sig': signature, ...headers }, rawBody };
};

describe('what a delivery tells', () => {
  it.each(['upsert', 'delete', 'merge', 'relink', 'erase'] as const)('can be %s', (action) => {
    const door = open({ events: [{ do: action, table: 'contact', ids: ['id', 'other'] }] });
    expect(door.verify(post({ id: 1, other: 2 }), nowMs).events).toEqual([{ table: 'contact', recordIds: ['1', '2'], action }]);
  });

  it.each([
    ['iso', 'at', '2026-11-25T10:00:00Z', Date.UTC(2026, 10, 25, 10)],
    ['epoch milliseconds', { path: 'at', format: 'epochMs' }, 1_764_000_000_123, 1_764_000_000_123],
  ] as const)('has the time at which it happened, written as %s', (_format, at, value, occurredOnMs) => {
    expect(open({ at }).verify(post({ id: 1, at: value }), nowMs).events).toMatchObject([{ occurredOnMs }]);
  });

  it.each([[undefined], ['yesterday'], [{}]])('is taken without a time when that is %j', (at) => {
    expect(open({ at: 'at' }).verify(post({ id: 1, at }), nowMs).events).toEqual([
      { table: 'contact', recordIds: ['1'], action: 'upsert' },
    ]);
  });

  it('can bring the record along, and is unreadable when it should and does not', () => {
    const door = open({ events: [{ table: 'contact', ids: 'id', record: 'data' }] });
    expect(door.verify(post({ id: 1, data: { id: 1, name: 'n' } }), nowMs).events).toMatchObject([{ carried: { id: 1, name: 'n' } }]);
    expect(() => door.verify(post({ id: 1 }), nowMs)).toThrow(expect.objectContaining({ code: 'webhook.unreadable' }));
  });

  it('is a mere hint when nothing was signed: whatever it claims, records are only read again', () => {
    const door = open({
      verify: { kind: 'header', header: 'X-Token', secret: 'token' },
      events: [{ do: 'erase', table: 'contact', ids: 'id', record: 'data' }],
    });
    expect(door.verify(post({ id: 1, data: { id: 1 } }, 'first', { 'x-token': 'shown' }), nowMs)).toMatchObject({
      trust: 'hint',
      secret: 'token',
      events: [{ table: 'contact', recordIds: ['1'], action: 'upsert' }],
    });
  });
});

describe('a secret that is being changed', () => {
  it('is taken in either of its values, and the delivery says which one proved it', () => {
    const door = open({}, { hookSecret: ['second'] });
    expect(door.verify(post({ id: 1 }), nowMs).secret).toBe('hookSecret');
    expect(door.verify(post({ id: 1 }, 'second'), nowMs).secret).toBe('hookSecret (2)');
    expect(() => door.verify(post({ id: 1 }, 'third'), nowMs)).toThrow(expect.objectContaining({ code: 'webhook.unauthorised' }));
  });

  it('is refused in its old value once only the new one is configured', () => {
    expect(() => open({}).verify(post({ id: 1 }, 'second'), nowMs)).toThrow();
  });
});

it('the webhooks of a source are named, and one that an address does not mean is none of them', () => {
  const door = open({});
  expect(door.hooks).toEqual(['', 'other']);
  expect([door.hookOf([]), door.hookOf(['other']), door.hookOf(['made-up'])]).toEqual(['', 'other', '']);
});

describe('a table that is posted and not asked for', () => {
  const text = (more: { readonly table?: string; readonly hook?: string; readonly event?: string }) => `
manifest: crm-sync/v1
id: wall
name: Wall
version: 1.0.0
connection:
  baseUrl: https://crm.example.com
  settings: { hookSecret: { title: Secret, type: secret } }
auth: { kind: none }
tables:
  contact: { pushOnly: true, id: id, ${more.table ?? ''} map: [{ to: name, from: name }] }
webhooks:
  ${more.hook ?? 'verify: { kind: hmac, secret: hookSecret, alg: sha256, sign: "{{body}}", signature: { header: X-Sig, encoding: hex } }\n  at: at'}
  events: [${more.event ?? '{ table: contact, ids: id, record: data }'}]
`;
  const problemsOf = (more: Parameters<typeof text>[0]): string => {
    const reading = readManifest(text(more));
    return 'errors' in reading ? JSON.stringify(reading.errors) : '';
  };

  it('needs neither list nor get', () => {
    expect(problemsOf({})).toBe('');
  });

  it.each([
    [{ table: 'list: { path: /people },' }, 'is not asked for'],
    [{ event: '{ table: contact, ids: id }' }, '“record” is needed'],
    [{ event: '{ do: merge, table: contact, ids: id }' }, 'merge means to read records again'],
    [{ event: '{ do: delete, table: contact, ids: id, record: data }' }, '“record” goes with upsert'],
    [{ hook: 'verify: { kind: header, header: X-Token, secret: hookSecret }\n  at: at' }, 'only hints'],
    [
      { hook: 'verify: { kind: hmac, secret: hookSecret, alg: sha256, sign: "{{body}}", signature: { header: X-Sig, encoding: hex } }' },
      '“at” is needed',
    ],
  ])('is refused when %j', (more, problem) => {
    expect(problemsOf(more)).toContain(problem);
  });

  it('is the only kind that may bring records along', () => {
    const reading = readManifest(
      text({}).replace('pushOnly: true, id: id,', 'id: id, list: { path: /people }, get: { path: "/people/{{id}}" },'),
    );
    expect(JSON.stringify(reading)).toContain('are read again, so an event brings none along');
  });

  it('takes several values of no other setting than a webhook’s secret', () => {
    const reading = readManifest(
      text({ table: '' }).replace('settings: {', 'settings: { apiKey: { title: Key, type: secret, optional: true },'),
    );
    if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
    const { manifest } = reading;
    const settings = { hookSecret: 'first', apiKey: 'key' };
    const openWith = (furtherSecrets: Readonly<Record<string, readonly string[]>>) =>
      openConnector({
        manifest,
        source: { id: 'crm', settings, furtherSecrets },
        clock: { nowMs: () => nowMs },
        credentials: { read: async () => null, replace: async () => true, claim: async () => true, release: async () => undefined },
      });
    expect(() => openWith({ apiKey: ['other'] })).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
    expect(openWith({ hookSecret: ['other'] }).webhook?.carriesRecords).toBe(true);
  });
});
