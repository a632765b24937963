import { compileCondition } from '../../../api/src/crm/expression/compile.ts';

const holds = (text: string, value: Parameters<ReturnType<typeof compileCondition>>[0]): boolean => compileCondition(text)(value);

describe('a condition', () => {
  it('compares with text, numbers, true, false and null', () => {
    const record = { kind: 'lead', size: 3, isOpen: true, gone: null };
    expect(holds('kind == "lead"', record)).toBe(true);
    expect(holds("kind != 'lead'", record)).toBe(false);
    expect(holds('size == 3', record)).toBe(true);
    expect(holds('size == "3"', record)).toBe(false);
    expect(holds('isOpen == true', record)).toBe(true);
    expect(holds('gone == null', record)).toBe(true);
    expect(holds('kind == other', { kind: 'a', other: 'a' })).toBe(true);
  });

  it('takes a field that is not there for null', () => {
    expect(holds('deleted_at != null', {})).toBe(false);
    expect(holds('deleted_at != null', { deleted_at: '2026-01-01' })).toBe(true);
  });

  it('lets && bind closer than ||, and parentheses closest', () => {
    const record = { a: 1, b: 2 };
    expect(holds('a == 1 || a == 9 && b == 9', record)).toBe(true);
    expect(holds('(a == 1 || a == 9) && b == 9', record)).toBe(false);
  });

  it('takes text with quotes, escapes and operators in it', () => {
    expect(holds('note == "a && b == \\"c\\""', { note: 'a && b == "c"' })).toBe(true);
  });

  it.each(['', 'a', 'a ==', '== 1', 'a == 1 &&', '(a == 1', 'a == 1)', 'a = 1', '1 == 1', 'a == 1; b', 'a == `1`', 'process.exit() == 1'])(
    'refuses “%s”',
    (text) => {
      expect(() => compileCondition(text)).toThrow();
    },
  );
});
