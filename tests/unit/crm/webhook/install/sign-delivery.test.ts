import { signDelivery } from '../../../../../api/src/crm/webhook/install/sign-delivery.ts';
import { hmacVectors } from '../hmac-vectors.ts';
import { publicKeyVectors, weakVectors } from '../other-vectors.ts';
import { isRefused, openDoor, type Vector, verdictOn } from '../vector.ts';

const nowMs = Date.UTC(2026, 10, 26);
const url = 'https://sync.example.com/webhooks/crm';

const sign = ({ webhooks, settings }: Vector, body: object = { id: '42' }) =>
  signDelivery(webhooks.verify, {
    sourceId: 'crm',
    url,
    body: { ...body },
    deliveryId: 'test_1',
    nowMs,
    secrets: new Map(Object.entries(settings)),
  });

const judge = (vector: Vector, sample: ReturnType<typeof sign>, settings = vector.settings) =>
  verdictOn(
    openDoor({ ...vector.webhooks, format: 'json' }, settings),
    {
      method: 'POST',
      url: sample.url,
      segments: sample.url
        .slice(url.length)
        .split('/')
        .filter((part) => part !== '')
        .map(decodeURIComponent),
      headers: sample.headers,
      rawBody: sample.rawBody,
    },
    nowMs,
  );

/** What only a sender that makes the body itself can do. */
const beyondUs = (vector: Vector): boolean => {
  try {
    sign(vector);
    return false;
  } catch {
    return true;
  }
};
/** Whose tenant is named in the body is not told by a body that we have made up. */
const ours = [...hmacVectors, ...weakVectors].filter((vector) => vector.webhooks.tenant === undefined && !beyondUs(vector));

describe('a sample delivery', () => {
  it('can be made for nearly every scheme with a shared secret', () => {
    expect(ours.length).toBeGreaterThan(20);
    const kinds = new Set(ours.map(({ webhooks }) => webhooks.verify.kind));
    expect([...kinds].toSorted()).toEqual(['basic', 'bodyField', 'header', 'hmac', 'pathToken', 'standardWebhooks'].toSorted());
  });

  it.each(ours)('is taken as that of $sender, and refused by a door with another secret', (vector) => {
    const sample = sign(vector);
    const verdict = judge(vector, sample);
    expect(isRefused(verdict)).toBe(false);
    expect(isRefused(judge(vector, sample, vector.otherSettings))).toBe(true);
  });

  it.each(publicKeyVectors)('is not made for $sender, whose private key nobody else has', (vector) => {
    expect(() => sign(vector)).toThrow(expect.objectContaining({ code: 'webhook.no_sample' }));
  });

  it('is not made without a secret, which is named', () => {
    const [vector] = hmacVectors;
    if (vector === undefined) throw new Error('no vector');
    expect(() => sign({ ...vector, settings: {} })).toThrow(
      expect.objectContaining({ code: 'webhook.no_secret', details: { source: 'crm', setting: 's' } }),
    );
  });
});
