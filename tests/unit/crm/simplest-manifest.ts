import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';

export const simplest = `# yaml-language-server: $schema=../manifest.schema.json
manifest: crm-sync/v1
id: simplest
name: The simplest CRM
version: 1.0.0
connection:
  settings:
    baseUrl: { type: url, title: Address of the CRM }
    apiKey: { type: secret, title: API key }
  baseUrl: '{{settings.baseUrl}}/api'
auth: { kind: apiKey, in: header, name: X-Api-Key, value: '{{settings.apiKey}}' }
records: data
page: { kind: page, param: page, sizeParam: per_page, size: 100 }
tables:
  account:
    id: id
    modified: updated_at
    get: { path: '/companies/{{id}}' }
    list: { path: /companies }
    changes: { mode: since, path: /companies, query: { updated_since: '{{from | iso}}' } }
    map:
      - { to: name, from: name }
      - { to: telephone1, from: phone }
  contact:
    id: id
    modified: updated_at
    parent: { path: company_id, table: account }
    get: { path: '/people/{{id}}' }
    list: { path: /people }
    changes: { mode: since, path: /people, query: { updated_since: '{{from | iso}}' } }
    map:
      - { to: firstname, from: first_name }
      - { to: lastname, from: last_name }
      - { to: emailaddress1, from: email }
`;

/** The simplest manifest with one change, and what is wrong with it: line, place, words. */
export const problemsOf = (change: (text: string) => string): readonly (readonly [number, string, string])[] => {
  const reading = readManifest(change(simplest));
  return 'errors' in reading ? reading.errors.map(({ line, path, problem }) => [line, path, problem] as const) : [];
};
