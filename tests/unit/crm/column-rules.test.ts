import { compileColumnRules } from '../../../api/src/crm/value/column-rules.ts';
import type { MappingBody } from '../../../api/src/crm/manifest/schema/table.ts';
import type { JsonObject, JsonValue } from '../../../api/src/crm/types.ts';
import { failureOf } from './failure-of.ts';

const read = (mapping: MappingBody, fields: JsonObject): JsonValue | undefined => compileColumnRules([mapping])[0]?.read(fields);

describe('a column of the mapping', () => {
  it('is left alone when the CRM did not send the field, and emptied when it sent an empty one', () => {
    const phone: MappingBody = { to: 'telephone1', from: 'phone', via: ['trim'] };
    expect(read(phone, {})).toBeUndefined();
    expect(read(phone, { phone: null })).toBeNull();
    expect(read(phone, { phone: '' })).toBeNull();
    expect(read(phone, { phone: '   ' })).toBeNull();
    expect(read(phone, { phone: ' 1 ' })).toBe('1');
  });

  it('rejects what does not fit and clears what is empty, unless told otherwise', () => {
    expect(compileColumnRules([{ to: 'name', from: 'name' }])[0]).toMatchObject({ to: ['name'], whenTooLong: 'reject', whenNull: 'clear' });
    expect(compileColumnRules([{ to: 'name', from: 'name', tooLong: 'skip', whenNull: 'keep' }])[0]).toMatchObject({
      whenTooLong: 'skip',
      whenNull: 'keep',
    });
  });

  it('takes the first field that holds something', () => {
    const name: MappingBody = { to: 'name', first: ['name', 'domain'] };
    expect(read(name, { name: '', domain: 'example.com' })).toBe('example.com');
    expect(read(name, { name: null })).toBeNull();
    expect(read(name, {})).toBeUndefined();
  });

  it('puts several fields together', () => {
    const name: MappingBody = { to: 'name', from: ['first', 'last'], via: [{ join: ' ' }] };
    expect(read(name, { first: 'Maria', last: 'Anders' })).toBe('Maria Anders');
    expect(read(name, { last: 'Anders' })).toBe('Anders');
    expect(read(name, {})).toBeUndefined();
  });

  it('is the same for every record when it is constant', () => {
    expect(read({ to: 'statuscode', const: 1 }, {})).toBe(1);
  });

  it('spreads a list over columns and loses no line when there are more lines than columns', () => {
    const lines: MappingBody = { to: ['line1', 'line2'], from: 'street', via: ['splitLines'] };
    expect(read(lines, { street: 'A' })).toEqual(['A', null]);
    expect(read(lines, { street: 'A\nB\nC' })).toEqual(['A', 'B, C']);
    expect(read(lines, { street: null })).toBeNull();
  });

  it('fails the record, without repeating the value, when the value cannot be what is needed', () => {
    expect(failureOf(() => read({ to: 'numberofemployees', from: 'size', via: ['int'] }, { size: 'a secret number' }))).toMatchObject({
      code: 'mapping.value_refused',
      message: 'The value for numberofemployees cannot be a whole number',
    });
  });
});
