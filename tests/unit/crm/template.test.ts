import fc from 'fast-check';
import { TemplateRefusal } from '../../../api/src/crm/expression/filters.ts';
import {
  compileHeaderTemplate,
  compilePathTemplate,
  compileTextTemplate,
  compileUrlTemplate,
  compileValueTemplate,
} from '../../../api/src/crm/expression/slots.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '../../admin',
    'a/b',
    '?x=1',
    '#x',
    '//evil.example',
    '\\evil',
    '{{settings.key}}',
    'a\r\nX: y',
    ' ',
    '@evil.example',
  ),
);
const orRefusal = (render: () => string): string | null => {
  try {
    return render();
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateRefusal);
    return null;
  }
};

describe('a template in a path', () => {
  const path = compilePathTemplate('/people/{{id}}/notes');

  it('keeps any value inside its own segment, or makes no request', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const rendered = orRefusal(() => path({ id }));
        if (rendered === null) return;
        const url = new URL(`https://crm.example/api${rendered}`);
        const [, api, people, segment, notes, ...rest] = url.pathname.split('/');
        expect([api, people, notes, rest, url.host, url.search, url.hash]).toEqual(['api', 'people', 'notes', [], 'crm.example', '', '']);
        expect(decodeURIComponent(segment ?? '')).toBe(id);
      }),
    );
  });

  it.each(['', '.', '..', '%2e%2E'])('refuses the value “%s”, which would lead to another address', (id) => {
    expect(() => path({ id })).toThrow(TemplateRefusal);
  });

  it('refuses values that make “..” together with what stands beside them', () => {
    expect(() => compilePathTemplate('/a/.{{id}}')({ id: '.' })).toThrow(TemplateRefusal);
  });

  it.each(['people', '/a/../b', '/a?b=1', '/a#b', '/%2e%2e/b'])('is refused in the manifest itself: %s', (text) => {
    expect(() => compilePathTemplate(text)).toThrow();
  });
});

describe('a template in a header', () => {
  it('never lets a value begin another header', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const rendered = orRefusal(() => compileHeaderTemplate('Token {{id}}')({ id }));
        if (rendered !== null) expect(rendered).toMatch(/^Token [\x20-\x7e]*$/);
      }),
    );
  });
});

describe('a template for an address', () => {
  it('takes scheme and host only from a setting at its beginning', () => {
    const link = compileUrlTemplate('{{settings.address}}/people/{{id}}?from={{record.name}}');
    expect(link({ settings: { address: 'https://crm.example/app/' }, id: 'A/1', record: { name: 'a&b' } })).toBe(
      'https://crm.example/app/people/A%2F1?from=a%26b',
    );
    for (const address of [
      'javascript:alert(1)',
      'https://user:pw@crm.example',
      'https://crm.example?x=1',
      'crm.example',
      'file:///etc/passwd',
    ]) {
      expect(() => link({ settings: { address }, id: '1', record: {} })).toThrow(TemplateRefusal);
    }
  });

  it('keeps every value out of the host, whatever it is', () => {
    const link = compileUrlTemplate('https://{{settings.host}}/x/{{id}}#{{record.name}}');
    fc.assert(
      fc.property(hostile, hostile, (id, name) => {
        const rendered = orRefusal(() => link({ settings: { host: 'crm.example' }, id, record: { name } }));
        if (rendered !== null) expect(new URL(rendered).host).toBe('crm.example');
      }),
    );
    expect(() => link({ settings: { host: 'crm.example/evil' }, id: '1', record: {} })).toThrow(TemplateRefusal);
  });

  it('must say where it leads', () => {
    expect(() => compileUrlTemplate('/people/{{id}}')).toThrow('begins with https://');
    expect(() => compileUrlTemplate('javascript:{{id}}')).toThrow('begins with https://');
  });
});

describe('a template for a value', () => {
  it('keeps the type of an expression that stands alone', () => {
    expect(compileValueTemplate('{{ids}}')({ ids: ['1', '2'] })).toEqual(['1', '2']);
    expect(compileValueTemplate('{{record.size}}')({ record: { size: 3 } })).toBe(3);
    expect(compileValueTemplate('{{record.none}}')({ record: {} })).toBeUndefined();
  });

  it('writes times as the manifest says', () => {
    const from = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const write = (filter: string) => compileTextTemplate(`{{from | ${filter}}}`)({ from });
    expect(write('iso')).toBe('2026-01-02T03:04:05.678Z');
    expect(write('isoSeconds')).toBe('2026-01-02T03:04:05Z');
    expect(write('epochSeconds')).toBe('1767323045');
    expect(write('epochMs')).toBe('1767323045678');
    expect(write('date("yyyy-MM-dd HH:mm:ss")')).toBe('2026-01-02 03:04:05');
  });

  it('does not join ids of which one holds the separator, since the CRM would be asked for others', () => {
    const join = compileTextTemplate('{{ids | join}}');
    expect(join({ ids: ['a', 'b'] })).toBe('a,b');
    expect(() => join({ ids: ['a,c', 'b'] })).toThrow(TemplateRefusal);
  });

  it('takes text that looks like an expression for text when it comes from a record', () => {
    expect(compileTextTemplate('{{record.name}}')({ record: { name: '{{settings.key}}' }, settings: { key: 'secret' } })).toBe(
      '{{settings.key}}',
    );
  });

  it.each([
    ['{{from}}', 'how the time is to be written'],
    ['{{id | join}}', 'is for a list'],
    ['{{id | nope}}', 'there is no filter “nope”'],
    ['{{secret}}', 'an expression begins with one of'],
    ['{{settings}}', 'settings.name'],
    ['{{settings.__proto__}}', 'is not allowed'],
    ['{{id', '“}}” is missing'],
    ['id}}', '}} without {{'],
    ['{{id | lower("x")}}', 'takes nothing'],
    ['{{from | date}}', 'needs a value'],
    ['{{id | default(process)}}', 'text in quotes'],
  ])('refuses %s', (text, problem) => {
    expect(() => compileTextTemplate(text)).toThrow(problem);
  });
});

describe('a value that a body wants as a number', () => {
  it('is one, alone and in a list', () => {
    expect(compileValueTemplate('{{id | number}}')({ id: '17008066468' })).toBe(17_008_066_468);
    expect(compileValueTemplate('{{ids | number}}')({ ids: ['1', '-2'] })).toEqual([1, -2]);
    expect(compileValueTemplate('{{last.id | default("0") | number}}')({ last: {} })).toBe(0);
  });

  it.each(['1 or 1=1', '', '1.5', '12345678901234567'])('is refused when it is none, or could lose digits: “%s”', (id) => {
    expect(() => compileValueTemplate('{{id | number}}')({ id })).toThrow(TemplateRefusal);
  });
});
