import { readFileSync } from 'node:fs';
import { readManifest } from '../../../../../api/src/crm/manifest/load-manifest.ts';

const textOf = (id: string): string => readFileSync(`api/connectors/${id}/manifest.yaml`, 'utf8');

const problemsOf = (id: string, before: string, after: string): readonly string[] => {
  const text = textOf(id);
  expect(text).toContain(before);
  const reading = readManifest(text.replace(before, after));
  return 'errors' in reading ? reading.errors.map(({ problem }) => problem) : [];
};

describe('what a manifest says of installing a webhook', () => {
  it.each([
    [
      'a secret in an address',
      'list: { path: /hooks, records: data }',
      'list: { path: "/hooks/{{settings.hookSecret}}", records: data }',
      'may only stand in',
    ],
    ['something unknown', 'match: { url: "{{address}}" }', 'match: { url: "{{id}}" }', '{{id}} is not known here'],
    ['a path that is none', 'match: { url: "{{address}}" }', 'match: { "a..b": "{{address}}" }', 'a..b'],
    [
      'what is there, before it is there',
      'create: { path: /hooks,',
      'create: { path: "/hooks/{{current.id}}",',
      '{{current}} is not known here',
    ],
    ['a setting that is not there', 'needs: [hookSecret]', 'needs: [hookSecrets]', 'no optional setting “hookSecrets”'],
    ['a setting that everybody must give', 'needs: [hookSecret]', 'needs: [apiKey]', 'no optional setting “apiKey”'],
    ['a step with a secret', 'steps: ["Run', 'steps: ["{{settings.hookSecret}} Run', 'may only stand in'],
    [
      'a removal that could be anything',
      'remove: { method: DELETE, path:',
      'remove: { method: GET, path:',
      'one of POST, PUT, PATCH, DELETE',
    ],
  ])('is refused: %s', (_what, before, after, said) => {
    expect(problemsOf('northwind', before, after).join('\n')).toContain(said);
  });

  it('is refused: a secret of the CRM’s that nothing is verified with', () => {
    const said = problemsOf(
      'zendesk',
      'value: signing_secret.secret, setting: webhookSecret',
      'value: signing_secret.secret, setting: clientSecret',
    );
    expect(said.join()).toContain('“clientSecret” is no secret of “verify”');
  });

  it('is refused: one alone that is many', () => {
    expect(problemsOf('hubspot', 'only: true # an app', 'only: true\n        each: [{ a: b }] # an app').join()).toContain(
      '“only” means that there is one',
    );
  });

  it('is judged at a further webhook as at the main one', () => {
    const problemsWith = (step: string): readonly string[] => {
      const reading = readManifest(`${textOf('northwind')}
moreWebhooks:
  other: { verify: { kind: standardWebhooks, secret: hookSecret }, events: [{ table: account, ids: id }], install: { steps: ["${step}"] } }
`);
      return 'errors' in reading ? reading.errors.map(({ problem }) => problem) : [];
    };
    expect(problemsWith('Paste {{address}}.')).toEqual([]);
    expect(problemsWith('Paste {{id}}.')).toEqual([expect.stringContaining('{{id}} is not known here')]);
  });
});
