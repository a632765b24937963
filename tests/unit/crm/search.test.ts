import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { TemplateRefusal } from '../../../api/src/crm/expression/filters.ts';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { readyTables } from '../../../api/src/crm/manifest/with-defaults.ts';
import { compileRequest } from '../../../api/src/crm/reader/request-builder.ts';
import { holdsTerm } from '../../../api/src/crm/reader/search-reader.ts';
import type { JsonValue, SearchTerm } from '../../../api/src/crm/types.ts';
import { termOf, termsOf } from '../../../api/src/sync/search-terms.ts';
import { maskEmail } from '../../../api/src/sync/mask-email.ts';

const connectors = new URL('../../../api/connectors/', import.meta.url);
const withSearch = readdirSync(connectors, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'rest-template')
  .map(({ name }) => name);

const settings = {
  address: 'https://crm.example',
  baseUrl: 'https://crm.example',
  apiVersion: '66.0',
  appAddress: 'https://app.example',
  portalId: '1',
};
const scope = { fields: ['Id', 'Name'], entity: 'thing', found: { accountsView: '1', contactsView: '2' } };

/** Everything about a request but what the agent typed: the names of its parameters and the shape of its body. */
const shapeOf = (value: JsonValue | undefined): unknown => {
  if (Array.isArray(value)) return value.map((one) => shapeOf(one as JsonValue));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
  return typeof value;
};
const describe_ = ({ url, headers, body }: { readonly url: string; readonly headers: object; readonly body: string | null }) => {
  const { origin, pathname, searchParams, hash } = new URL(url);
  return {
    origin,
    pathname,
    hash,
    headers,
    names: [...searchParams.keys()],
    body: body === null ? null : shapeOf(JSON.parse(body) as JsonValue),
  };
};

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    "O'Brien",
    "' OR Name != '",
    '\\',
    "x' or 1 eq 1 or 'x",
    'a^ORactive=true',
    '"role:admin',
    '&q=*',
    '#',
    '{"$ne":1}',
    "%' --",
    '\u0000',
    '\ud800',
  ),
);

describe('a search of', () => {
  it.each(withSearch)('%s is one search whatever an agent types, or is not made', async (name) => {
    const manifest = await loadManifest(new URL(`${name}/manifest.yaml`, connectors).pathname);
    let searches = 0;
    for (const [, table] of readyTables(manifest)) {
      for (const search of table.search ?? []) {
        searches += 1;
        const build = compileRequest({ request: search, baseUrl: 'https://crm.example', commonHeaders: {}, settings });
        const usual = describe_(build({ ...scope, term: 'ada12345678' }));
        fc.assert(
          fc.property(hostile, (term) => {
            try {
              expect(describe_(build({ ...scope, term: `12345678${term}` }))).toEqual(usual);
            } catch (error) {
              if (!(error instanceof TemplateRefusal)) throw error;
            }
          }),
          { numRuns: 60 },
        );
      }
    }
    expect(searches).toBeGreaterThan(0);
  });
});

describe('what a CRM gives for a search', () => {
  const person = { Name: 'Zoë O’Brien', Email: 'Zoe@Fabrikam.example', phones: [{ value: '+43 (1) 555-0017' }], city: 'Graz' };
  it.each<[SearchTerm, boolean]>([
    [{ by: 'email', text: 'zoe@fabrikam.EXAMPLE' }, true],
    [{ by: 'email', text: 'ada@fabrikam.example' }, false],
    [{ by: 'phone', text: '01 555 00 17' }, true],
    [{ by: 'phone', text: '01 555 00 18' }, false],
    [{ by: 'phone', text: '17' }, false],
    [{ by: 'name', text: "zoe o'brien" }, true],
    [{ by: 'name', text: 'brien zoe' }, true],
    [{ by: 'name', text: 'zoe jones' }, false],
    [{ by: 'name', text: "'" }, false],
  ])('is offered for %j only if it holds it: %s', (term, isOffered) => {
    expect(holdsTerm(person, term)).toBe(isOffered);
  });
});

describe('what an agent types', () => {
  it.each([
    [' Ada@Contoso.example ', { by: 'email', text: 'Ada@Contoso.example' }],
    ['+43 (1) 555-00.17', { by: 'phone', text: '+43 (1) 555-00.17' }],
    ['12345', { by: 'name', text: '12345' }],
    ['Ada\u0000\tLovelace', { by: 'name', text: 'Ada Lovelace' }],
    [' a ', null],
  ])('%j is taken for %j', (words, term) => {
    expect(termOf(words)).toEqual(term);
  });

  it('is not needed where the row says enough: each of its addresses, numbers and its name once', () => {
    const row = {
      emailaddress1: 'a@b.example',
      emailaddress2: 'a@b.example',
      telephone1: '1',
      mobilephone: '0664 1234567',
      fullname: 'Ada',
    };
    expect(termsOf('contact', row)).toEqual([
      { by: 'email', text: 'a@b.example' },
      { by: 'phone', text: '0664 1234567' },
      { by: 'name', text: 'Ada' },
    ]);
  });
});

describe('an e-mail address of a candidate', () => {
  it.each([
    ['ada@contoso.example', 'a…@contoso.example'],
    ['"a@b"@contoso.example', '"…@contoso.example'],
    ['not an address', '…'],
    ['@contoso.example', '…'],
  ])('%s is shown as %s', (email, shown) => {
    expect(maskEmail(email)).toBe(shown);
  });
});
