import fc from 'fast-check';
import { hmacVectors } from './hmac-vectors.ts';
import { publicKeyVectors, weakVectors } from './other-vectors.ts';
import { flipBit, isRefused, openDoor, requestOf, type Vector, verdictOn } from './vector.ts';

const signedVectors = [...hmacVectors, ...publicKeyVectors];

const withHeader = (vector: Vector, name: string, values: readonly string[]) =>
  requestOf(vector, {
    rawHeaders: Object.entries(vector.headers).flatMap(([other, value]) =>
      other === name ? values.map((text) => [name, text] as const) : [[other, value] as const],
    ),
  });

describe.each([...signedVectors, ...weakVectors])('a delivery of $sender', (vector) => {
  const door = openDoor(vector.webhooks, vector.settings);
  const request = requestOf(vector);
  const verdict = (changed: typeof request, atMs = vector.sentAtMs) => verdictOn(door, changed, atMs);

  it('is taken, however its headers are written, and is worth as much as it proves', () => {
    const taken = verdict(request);
    expect(isRefused(taken)).toBe(false);
    if (typeof taken === 'object') expect(taken).toMatchObject({ kind: 'events', trust: vector.trust });
  });

  it('is the same delivery when it comes again, and another when it says something else', () => {
    const first = verdict(request);
    if (typeof first === 'object')
      expect(verdict(request)).toMatchObject({ deliveryId: 'deliveryId' in first ? first.deliveryId : 'none' });
  });

  it('is refused without a secret, and with another', () => {
    expect(verdictOn(openDoor(vector.webhooks, {}), request, vector.sentAtMs)).toEqual({ refused: 'noSecret' });
    expect(isRefused(verdictOn(openDoor(vector.webhooks, vector.otherSettings), request, vector.sentAtMs))).toBe(true);
  });

  it('is refused when a header is missing, empty, cut short, or comes twice', () => {
    for (const [name, value] of Object.entries(vector.headers)) {
      for (const values of [[], [''], [value, value], [value, 'x']])
        expect([name, verdict(withHeader(vector, name, values))]).toEqual([name, { refused: expect.anything() }]);
      if (vector.freeHeaders?.includes(name) !== true)
        expect(isRefused(verdict(withHeader(vector, name, [value.slice(0, -1)])))).toBe(true);
    }
  });

  it('is refused when it comes to another address', () => {
    expect(verdict({ ...request, segments: [...(vector.segments ?? []), 'more'] })).toEqual({ refused: 'address' });
    if (vector.segments !== undefined) expect(isRefused(verdict({ ...request, segments: [] }))).toBe(true);
  });

  it('is refused when any bit of what proves it has changed', () => {
    const parts = Object.entries(vector.headers).filter(([name]) => vector.freeHeaders?.includes(name) !== true);
    if (parts.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), (part, position) => {
        const [name, value] = part;
        const bytes = Buffer.from(value, 'latin1');
        // The word Basic may be written in capitals or not.
        const from = value.startsWith('Basic ') ? 8 * 'Basic '.length : 0;
        const bit = from + (position % (8 * bytes.length - from));
        expect(isRefused(verdict(withHeader(vector, name, [flipBit(bytes, bit).toString('latin1')])))).toBe(true);
      }),
    );
  });
});

describe.each(signedVectors)('a signed delivery of $sender', (vector) => {
  const door = openDoor(vector.webhooks, vector.settings);
  const request = requestOf(vector);
  const refusedWith = (rawBody: Buffer) => isRefused(verdictOn(door, { ...request, rawBody }, vector.sentAtMs));

  it('is refused when any bit of the body has changed', () => {
    fc.assert(
      fc.property(fc.nat(8 * request.rawBody.length - 1), (bit) => {
        expect(refusedWith(flipBit(request.rawBody, bit))).toBe(true);
      }),
    );
  });

  it('is refused cut short, written again, with more behind it, empty, or with bytes that are no text', () => {
    const { rawBody } = request;
    expect(refusedWith(rawBody.subarray(0, -1))).toBe(true);
    expect(refusedWith(Buffer.alloc(0))).toBe(true);
    expect(refusedWith(Buffer.concat([rawBody, Buffer.from(' ')]))).toBe(true);
    expect(refusedWith(Buffer.concat([rawBody, Buffer.from([0xc3, 0x28, 0xff])]))).toBe(true);
    if (rawBody.includes('{ ')) expect(refusedWith(Buffer.from(JSON.stringify(JSON.parse(rawBody.toString()))))).toBe(true);
  });

  it('is taken with any of several secrets', () => {
    const { verify } = vector.webhooks;
    const [name = ''] = Object.keys(vector.settings);
    const names = ['old', name];
    const several = verify.kind === 'publicKey' ? { ...verify, key: names } : { ...verify, secret: names };
    const rotating = openDoor({ ...vector.webhooks, verify: several }, { ...vector.settings, old: vector.otherSettings[name] ?? '' });
    expect(isRefused(verdictOn(rotating, request, vector.sentAtMs))).toBe(false);
  });
});

const timed = signedVectors.flatMap((vector) => (vector.toleranceMs === null ? [] : [{ ...vector, toleranceMs: vector.toleranceMs }]));

it.each(timed)('a delivery of $sender may be late, or early, by what clocks differ and no more', (vector) => {
  const door = openDoor(vector.webhooks, vector.settings);
  const at = (offsetMs: number) => verdictOn(door, requestOf(vector), vector.sentAtMs + offsetMs);
  expect([at(vector.toleranceMs), at(-vector.toleranceMs)].map(isRefused)).toEqual([false, false]);
  expect([at(vector.toleranceMs + 1), at(-vector.toleranceMs - 1), at(Number.NaN)]).toEqual(Array(3).fill({ refused: 'time' }));
});

describe.each(weakVectors)('a hint of $sender', (vector) => {
  it('never removes: what it says was deleted is read again', () => {
    const body = JSON.stringify({ id: 'x1', token: vector.settings.s });
    const webhooks: Vector['webhooks'] = { verify: vector.webhooks.verify, events: [{ do: 'delete', table: 'contact', ids: 'id' }] };
    const taken = verdictOn(openDoor(webhooks, vector.settings), requestOf(vector, { rawBody: Buffer.from(body) }), vector.sentAtMs);
    expect(taken).toMatchObject({ trust: 'hint', events: [{ table: 'contact', recordIds: ['x1'], action: 'upsert' }] });
  });

  it('is not taken with bytes that are no text', () => {
    const rawBody = Buffer.concat([Buffer.from(vector.body), Buffer.from([0xc3, 0x28])]);
    const verdict = verdictOn(openDoor(vector.webhooks, vector.settings), requestOf(vector, { rawBody }), vector.sentAtMs);
    expect(verdict === 'unreadable' || isRefused(verdict)).toBe(true);
  });
});
