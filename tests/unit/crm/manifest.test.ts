import { readFile } from 'node:fs/promises';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { manifestJsonSchema } from '../../../api/src/crm/manifest/schema.ts';
import { problemsOf, simplest } from './simplest-manifest.ts';

const replacing = (before: string, after: string) => problemsOf((text) => text.replace(before, after));

describe('a manifest', () => {
  it('for the simplest REST CRM fits in 40 lines', () => {
    expect(problemsOf((text) => text)).toEqual([]);
    expect(simplest.trim().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('in the box is valid', async () => {
    await expect(loadManifest('api/connectors/northwind/manifest.yaml')).resolves.toMatchObject({ id: 'northwind' });
  });

  it('has a JSON Schema for editors that is the one the code uses', async () => {
    const committed = await readFile('api/connectors/manifest.schema.json', 'utf8');
    expect(committed).toBe(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
    const undescribed = [...committed.matchAll(/"(type|enum|const)":/g)].length;
    expect([...committed.matchAll(/"description":/g)].length).toBeGreaterThan(undescribed / 3);
  });
});

describe('the schema for editors', () => {
  type Json = Readonly<Record<string, unknown>>;
  const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

  /** Every property of every mapping, with where it is. */
  const propertiesIn = (schema: unknown, at: string): readonly (readonly [string, Json])[] => {
    if (!isJson(schema)) return [];
    const { properties, examples: _examples, ...rest } = schema;
    const own = isJson(properties) ? Object.entries(properties).filter((entry): entry is [string, Json] => isJson(entry[1])) : [];
    return [
      ...own.flatMap(([name, property]) => [[`${at}.${name}`, property] as const, ...propertiesIn(property, `${at}.${name}`)]),
      ...Object.entries(rest).flatMap(([name, member]) => propertiesIn(member, `${at}/${name}`)),
    ];
  };
  const all = propertiesIn(manifestJsonSchema(), '');

  it('describes every property', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(([, { description, $ref }]) => description === undefined && $ref === undefined).map(([at]) => at)).toEqual([]);
  });

  it('shows an example wherever free text is to be written', () => {
    const isFree = ({ type, enum: values, const: only }: Json) => type === 'string' && values === undefined && only === undefined;
    const without = all.filter(([, property]) => isFree(property) && property.examples === undefined);
    expect(without.map(([at]) => at)).toEqual([]);
  });
});

describe('what is wrong in a manifest', () => {
  it.each<readonly [string, string, number, string, string]>([
    ['id: simplest', 'id: Simplest CRM', 3, 'id', 'this does not fit'],
    ['manifest: crm-sync/v1', 'manifest: crm-sync/v9', 2, 'manifest', '“crm-sync/v1” is expected'],
    ['kind: page, param: page', 'kind: page, parm: page', 13, 'page.parm', 'did you mean “param”?'],
    [
      'kind: page, param: page',
      'kind: pages, param: page',
      13,
      'page',
      '“kind” must be one of none, page, offset, cursor, nextLink, linkHeader, keyset (did you mean “page”?)',
    ],
    ['size: 100', 'size: lots', 13, 'page.size', 'a whole number is expected'],
    [
      'kind: apiKey',
      'kind: oauth3',
      11,
      'auth',
      '“kind” must be one of none, apiKey, basic, bearer, session, oauth2 (did you mean “oauth2”?)',
    ],
    ['{{settings.apiKey}}', '{{settings.apikey}}', 11, 'auth.value', 'there is no setting “apikey”'],
    ["'{{settings.baseUrl}}/api'", "'{{settings.apiKey}}/api'", 10, 'connection.baseUrl', 'the secret “apiKey” may only stand in auth'],
    ["get: { path: '/companies/{{id}}' }", 'get: { path: /companies/1 }', 18, 'tables.account.get', 'the request does not use {{id}}'],
    [
      "get: { path: '/companies/{{id}}' }",
      "get: { path: '/companies/{{ids}}' }",
      18,
      'tables.account.get.path',
      '{{ids}} is not known here',
    ],
    ['{{from | iso}}', '{{from}}', 20, 'tables.account.changes.query.updated_since', 'how the time is to be written'],
    ['mode: since', 'mode: window', 20, 'tables.account.changes', 'the request does not use {{to}}'],
    ['mode: since', 'mode: opaque', 20, 'tables.account.changes.mode', 'one of since, window, cursor, clientSide is expected'],
    [
      'modified: updated_at\n    get',
      'modified: { path: updated_at, format: YYYY }\n    get',
      17,
      'tables.account.modified.format',
      'a date is made of',
    ],
    [
      'modified: updated_at\n    get',
      'modified: { path: updated_at, timezone: Mars/Olympus }\n    get',
      17,
      'tables.account.modified.timezone',
      'is no time zone',
    ],
    ['modified: updated_at\n    get', 'get', 19, 'tables.account.changes', '“modified” is needed'],
    [
      '    id: id\n',
      '    id: id\n    deleted: deleted_at\n',
      17,
      'tables.account.deleted',
      'a comparison with == or != (or has) is expected',
    ],
    [
      '{ to: name, from: name }',
      '{ to: name, from: name, via: [lowr] }',
      22,
      'tables.account.map[0].via[0]',
      'there is no transform “lowr”',
    ],
    [
      '{ to: name, from: name }',
      '{ to: name, from: name, via: [join] }',
      22,
      'tables.account.map[0].via[0]',
      'it takes the text to put between',
    ],
    ['{ to: name, from: name }', '{ to: name }', 22, 'tables.account.map[0]', 'exactly one of “from”, “first” and “const”'],
    ['{ to: name, from: name }', '{ to: telephone1, from: name }', 23, 'tables.account.map[1].to', '“telephone1” is filled twice'],
    [
      '{ to: name, from: name }',
      '{ to: name, from: a.__proto__.b }',
      22,
      'tables.account.map[0].from',
      'the name “__proto__” is not allowed',
    ],
    [
      '{ to: name, from: name }',
      '{ to: name, form: name }',
      22,
      'tables.account.map[0].form',
      '“form” is not known here (did you mean “from”?)',
    ],
    ["    get: { path: '/companies/{{id}}' }\n", '', 15, 'tables.account', '“get” or “getMany” is needed'],
    ['name: The simplest CRM\n', '', 1, '', '“name” is missing'],
    ['kind: apiKey, in', 'kind: oauth2, grant: jwtBearer, in', 11, 'auth.in', '“in” is not known here'],
    [
      "auth: { kind: apiKey, in: header, name: X-Api-Key, value: '{{settings.apiKey}}' }",
      'auth: { kind: oauth2, grant: refreshToken, tokenUrl: "https://x.example/token", clientId: c }',
      11,
      'auth',
      '“refreshToken” is needed for the grant refreshToken',
    ],
    ['kind: page, param: page', 'kind: page', 13, 'page', '“param” is missing'],
    ['kind: page, param: page', 'kind: keyset, by: id', 19, 'tables.account.list', 'never get past its first page'],
    ['list: { path: /companies }', 'list: { path: "/companies/{{found.x}}" }', 19, 'tables.account.list.path', 'no “x” under discover'],
    ['mode: since', 'mode: cursor', 20, 'tables.account.changes', '“token” is needed'],
    ['list: { path: /people }', 'list: { path: /people, body: { a: 1 } }', 29, 'tables.contact.list.body', 'add `method: POST`'],
    ['{ type: url,', '{ type: url, pattern: "(a+)+",', 8, 'connection.settings.baseUrl.pattern', 'a repetition inside a repetition'],
  ])('%j → %j is found at its line', (before, after, line, path, words) => {
    expect(replacing(before, after)).toContainEqual([line, path, expect.stringContaining(words)]);
  });

  it.each([
    ['a key that is there twice', 'id: simplest', 'id: simplest\nid: other', 4, 'unique'],
    ['a tab or another thing that is no YAML', 'version: 1.0.0', 'version: "1.0.0', 5, ''],
    ['a tag', 'version: 1.0.0', 'version: !!js/function 1.0.0', 5, 'tag'],
    ['a second document', 'records: data', '---\nrecords: data', 12, 'document'],
  ])('is found before anything else when it is %s', (_what, before, after, line, words) => {
    expect(replacing(before, after)).toContainEqual([expect.any(Number), '', expect.stringContaining(words)]);
    expect(replacing(before, after)[0]?.[0]).toBeGreaterThanOrEqual(line);
  });

  it('takes aliases within the file, but not a bomb of them', () => {
    expect(
      problemsOf((text) =>
        text.replace('page: {', 'page: &paging {').replace('list: { path: /people }', 'list: { path: /people, page: *paging }'),
      ),
    ).toEqual([]);
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, depth) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[depth]}`).join(', ')}]`),
    ];
    expect(problemsOf(() => bomb.join('\n'))).toEqual([[1, '', expect.stringContaining('alias')]]);
  });

  it('knows no merge key', () => {
    expect(replacing('    id: id\n', '    <<: { id: id }\n')).toContainEqual([
      16,
      'tables.account.<<',
      expect.stringContaining('is not known here'),
    ]);
  });

  it('is thrown with the first error and lists all of them', async () => {
    const failure = await loadManifest('tests/unit/crm/manifest.test.ts').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: 'manifest.unreadable', details: { file: 'tests/unit/crm/manifest.test.ts' } });
    await expect(loadManifest('no/such/manifest.yaml')).rejects.toMatchObject({
      code: 'manifest.unreadable',
      details: { problem: 'it cannot be read (ENOENT)' },
    });
  });
});
