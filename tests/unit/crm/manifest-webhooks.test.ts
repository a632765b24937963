import { problemsOf } from './simplest-manifest.ts';

describe('what is wrong with a webhook', () => {
  const withWebhooks = (webhooks: string) =>
    problemsOf(
      (text) =>
        `${text.replace('apiKey: {', 'hookSecret: { type: secret, title: S, optional: true }\n    apiKey: {')}webhooks:\n  ${webhooks}\n`,
    ).map(([, path, problem]) => `${path}: ${problem}`);
  const events = 'events: [{ table: contact, ids: id }]';
  const hmac = (sign: string, rest: string) =>
    withWebhooks(
      `verify: { kind: hmac, secret: hookSecret, alg: sha256, sign: '${sign}', signature: { header: X-S, encoding: hex }${rest} }\n  ${events}`,
    );

  it('is nothing for a sound one', () => {
    expect(withWebhooks(`verify: { kind: standardWebhooks, secret: hookSecret }\n  ${events}`)).toEqual([]);
    expect(hmac('{{timestamp}}.{{body}}', ', timestamp: { header: X-T, unit: seconds }')).toEqual([]);
  });

  it('is a time that is not signed, since it protects against nothing', () => {
    expect(hmac('{{body}}', ', timestamp: { header: X-T, unit: seconds }')).toEqual([expect.stringContaining('protects against nothing')]);
    expect(hmac('{{body}}', ', timestamp: { header: X-T, unit: seconds, unbound: true }')).toEqual([]);
  });

  it.each([
    ['{{body.id}}{{body}}', '', 'only the whole {{body}}'],
    ['{{timestamp}}', '', 'must hold {{body}}'],
    ['{{timestamp}}{{body}}', '', '{{timestamp}} needs “timestamp”'],
    ['{{id}}{{body}}', '', '{{id}} needs “id”'],
    ['{{body}}{{nonce}}', '', '“nonce” cannot be signed'],
  ])('is a signed text that cannot be made: %s', (sign, rest, problem) => {
    expect(hmac(sign, rest).join('\n')).toContain(problem);
  });

  it('is an answer that signs for anybody, and a question that proves nothing', () => {
    const asking = (handshake: string) =>
      withWebhooks(`verify: { kind: standardWebhooks, secret: hookSecret }\n  handshakes: [{ ${handshake} }]\n  ${events}`).join('\n');
    expect(asking('when: a == 1, text: challenge')).toBe('');
    expect(asking('unsigned: true, text: { hmac: challenge, encoding: hex }')).toContain('anybody could have us sign');
    expect(asking('method: GET, text: challenge')).toContain('it needs “token” or “unsigned: true”');
    expect(asking('text: challenge, json: { a: challenge }')).toContain('either “text” or “json”');
    expect(asking('method: GET, token: { path: a, secret: baseUrl }, text: b')).toContain('no setting “baseUrl” of type secret');
  });

  it('is told of further webhooks too, and of what tells repeats', () => {
    const more = (rest: string) =>
      problemsOf(
        (text) => `${text}moreWebhooks:\n  outbound:\n    verify: { kind: pathToken, secret: nothing }\n    ${events}\n    ${rest}\n`,
      ).map(([, path, problem]) => `${path}: ${problem}`);
    expect(more('format: xml')).toEqual([expect.stringContaining('no setting “nothing” of type secret')]);
    expect(more("dedupe: '{{id}}'").join('\n')).toContain('{{id}} needs “id”');
  });

  it('is a secret that is none, and an event without a record', () => {
    expect(withWebhooks(`verify: { kind: standardWebhooks, secret: baseUrl }\n  ${events}`)).toEqual([
      expect.stringContaining('no setting “baseUrl” of type secret'),
    ]);
    expect(withWebhooks('verify: { kind: standardWebhooks, secret: hookSecret }\n  events: [{ table: contact }]')).toEqual([
      expect.stringContaining('“table” and “ids” are needed'),
    ]);
  });
});
