import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { decodeXml } from '../../../api/src/crm/http/decode-xml.ts';
import { TemplateRefusal } from '../../../api/src/crm/expression/filters.ts';
import type { Escape } from '../../../api/src/crm/expression/literals.ts';
import { compileValueTemplate } from '../../../api/src/crm/expression/slots.ts';
import { compileRequest } from '../../../api/src/crm/reader/request-builder.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    "' OR Name != '",
    "\\' OR Name != \\'",
    '\\',
    "x' or 1 eq 1 or 'x",
    'a^ORactive=true',
    '^NQactive=true',
    'javascript:gs.log()',
    '</from><admin>true</admin><from>',
    ']]>',
    '&lt;',
    '", "admin": true, "x": "',
    '{{settings.key}}',
    '\r\nX-Admin: 1',
    '&admin=true',
    '%27',
  ),
);

/** What a template makes of a value; null when it refuses. */
const render = (text: string, escape: Escape | null, id: string): string | null => {
  try {
    const rendered = compileValueTemplate(text, escape)({ id });
    return typeof rendered === 'string' ? rendered : null;
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateRefusal);
    return null;
  }
};

/** Reads a literal in single quotes as each language does, from its opening quote on. */
const readSoql = (text: string): readonly [string, string] => {
  let value = '';
  for (let position = 1; position < text.length; position += 1) {
    if (text[position] === '\\') value += text[(position += 1)] ?? '';
    else if (text[position] === "'") return [value, text.slice(position + 1)];
    else value += text[position] ?? '';
  }
  return [value, 'the literal never ends'];
};
const readOdata = (text: string): readonly [string, string] => {
  let value = '';
  for (let position = 1; position < text.length; position += 1) {
    if (text[position] !== "'") value += text[position] ?? '';
    else if (text[position + 1] === "'") value += text[(position += 1)] ?? '';
    else return [value, text.slice(position + 1)];
  }
  return [value, 'the literal never ends'];
};

describe('a value inside of a query stays one value, or the request is not made:', () => {
  it.each([
    ['soql', readSoql, "SELECT Id FROM Contact WHERE Id = '", "' AND IsDeleted = false"],
    ['odata', readOdata, "AccountID eq '", "' and Active eq true"],
  ] as const)('%s', (escape, read, start, end) => {
    fc.assert(
      fc.property(hostile, (id) => {
        const text = render(`${start}{{id}}${end}`, escape, id);
        if (text === null) return;
        expect(text.startsWith(start)).toBe(true);
        expect(read(text.slice(start.length - 1))).toEqual([id, end.slice(1)]);
      }),
      { numRuns: 500 },
    );
  });

  it('phrase', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const text = render('name:"{{id}}" role:end-user', 'phrase', id);
        if (text === null) return;
        const value = text.slice('name:"'.length, -'" role:end-user'.length);
        expect(text).toBe(`name:"${value}" role:end-user`);
        // Neither the end of the phrase, nor a sign that could take the end's meaning away.
        expect(value).not.toMatch(/["\\]/);
      }),
      { numRuns: 500 },
    );
  });

  it('servicenow', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const text = render('active=true^sys_id>{{id}}^ORDERBYsys_id', 'servicenow', id);
        if (text !== null) {
          expect(text.split('^')).toEqual(['active=true', `sys_id>${id}`, 'ORDERBYsys_id']);
          expect(text).not.toMatch(/javascript:/i);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a language that the manifest does not name: only signs that end no literal anywhere', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const text = render('number:{{id}} AND active:true', null, id);
        if (text !== null) expect(id).not.toMatch(/["'`^\\()<>&|;%#*\p{Cc}]/u);
      }),
      { numRuns: 500 },
    );
    expect(render("x = '{{id}}'", null, 'AB-12:3@x.y')).toBe("x = 'AB-12:3@x.y'");
    expect(render("x = '{{id}}'", null, "O'Brien")).toBeNull();
    expect(render('Id = {{id}}', 'soql', "'a' OR Id != 'b'")).toBeNull();
  });

  it('a list in quotes', () => {
    const list = compileValueTemplate('Id IN ({{ids | quotedList}})', 'soql');
    expect(list({ ids: ['a', 'b'] })).toBe("Id IN ('a','b')");
    expect(() => list({ ids: ["a') OR (Id != '"] })).toThrow(TemplateRefusal);
  });
});

describe('a value inside of a body', () => {
  const bodyOf = (encoding: 'json' | 'form' | 'xml', body: unknown, id: string): string | null => {
    const build = compileRequest({
      request: { method: 'POST', path: '/x', encoding, body },
      baseUrl: 'https://crm.example',
      commonHeaders: {},
      settings: {},
    });
    try {
      return build({ id }).body;
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateRefusal);
      return null;
    }
  };

  it('of JSON is one text', () => {
    fc.assert(fc.property(hostile, (id) => expect(JSON.parse(bodyOf('json', { id: '{{id}}', n: 1 }, id) ?? '')).toEqual({ id, n: 1 })));
  });

  it('of a form is one field', () => {
    fc.assert(
      fc.property(fc.string(), (id) =>
        expect([...new URLSearchParams(bodyOf('form', { id: '{{id}}', n: 1 }, id) ?? '')]).toEqual([
          ['id', id],
          ['n', '1'],
        ]),
      ),
    );
  });

  it('of XML is one element', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    fc.assert(
      fc.property(hostile, (id) => {
        const text = bodyOf('xml', '<q><from>{{id}}</from><n>1</n></q>', id);
        // XML turns line ends into one kind, and that is all it may change.
        if (text !== null) expect(parser.parse(text)).toEqual({ q: { from: id.replaceAll(/\r\n?/g, '\n'), n: '1' } });
      }),
      { numRuns: 300 },
    );
  });
});

describe('an XML answer', () => {
  const decode = (text: string) => decodeXml(Buffer.from(text));

  it('is read as plain values: attributes, lists, nothing, numbers as they are written', () => {
    expect(decode('<?xml version="1.0"?><n:a xmlns:n="u" id="7"><b>007</b><b>2</b><c nil="true"/><d/></n:a>')).toEqual({
      a: { '@id': '7', b: ['007', '2'], c: null, d: null },
    });
  });

  it.each([
    ['entities that grow', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'],
    ['a file of ours', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'],
    ['depth without end', '<a>'.repeat(5000)],
    ['no XML', '{"a":1}'],
    ['half of it', '<a><b></a>'],
  ])('is refused when it is %s', (_what, text) => {
    expect(decode(text)).toBeUndefined();
  });
});
