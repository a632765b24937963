import { readFile } from 'node:fs/promises';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';

let template = '';
beforeAll(async () => {
  template = await readFile('api/connectors/rest-template/manifest.yaml', 'utf8');
});

/** The manifest to begin with, one change after another, and what is wrong with it then: place and words. */
const problemsAfter = (...changes: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] => {
  const text = changes.reduce((before, [what, by]) => {
    if (!before.includes(what)) throw new Error(`the template has no ${what}`);
    return before.replace(what, by);
  }, template);
  const reading = readManifest(text);
  return 'errors' in reading ? reading.errors.map(({ path, problem }) => [path, problem] as const) : [];
};

const people = 'list: { path: /people }';
const staff = ['    apiKey:', '    staff: { type: boolean, title: Staff too, default: "false" }\n    apiKey:'] as const;
const skipUnless = (name: string) => [people, `${people}\n    skip: { when: role == "staff", unless: ${name} }`] as const;

describe('a manifest’s parts fit each other:', () => {
  it('what is left out unless the admin wants it names a setting that is true or false', () => {
    expect(problemsAfter(staff, skipUnless('staff'))).toEqual([]);
    for (const name of ['nobody', 'apiKey'])
      expect(problemsAfter(staff, skipUnless(name))).toContainEqual([
        'tables.contact.skip.unless',
        expect.stringContaining(`no setting “${name}” of type boolean`),
      ]);
  });

  it('the first page of a list of all begins at no time', () => {
    const page = 'page: { kind: cursor, param: c, from: next, first: { start: "{{from | epochSeconds}}" } }';
    expect(problemsAfter([people, `list: { path: /people, ${page} }`])).toContainEqual([
      'tables.contact.list.page.first.start',
      expect.stringContaining('{{from}} is not known here'),
    ]);
    const changes = `changes: { mode: cursor, path: /people, ${page}, token: next }`;
    const usual = '{ mode: since, path: /people, query: { updated_since: "{{from | iso}}" } }';
    expect(problemsAfter([`changes: ${usual}`, changes])).toEqual([]);
  });

  it('a list of all cannot be read in place of itself', () => {
    const page = 'page: { kind: keyset, by: modified, ties: { readAll: true }, end: { when: more == false } }';
    const query = 'query: { since: "{{last.modified | iso}}" }';
    expect(problemsAfter([people, `list: { path: /people, ${query}, ${page} }`])).toContainEqual([
      'tables.contact.list',
      expect.stringContaining('“readAll” goes with changes'),
    ]);
  });
});
