import { safeHttpUrl } from '@crm-sync/ui';
import fc from 'fast-check';

describe('safeHttpUrl', () => {
  it('lets http and https through', () => {
    expect(safeHttpUrl('https://crm.example/a?b=c#d')).toBe('https://crm.example/a?b=c#d');
    expect(safeHttpUrl('http://127.0.0.1:4520/people/1')).toBe('http://127.0.0.1:4520/people/1');
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'people/1',
    '//x',
    '',
    undefined,
  ])('refuses %p', (address) => expect(safeHttpUrl(address)).toBeUndefined());

  it('never gives anything that a browser would not follow by http or https', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `javascript:${text}`),
        ),
        (address) => {
          const safe = safeHttpUrl(address);
          return safe === undefined || /^https?:\/\//.test(safe);
        },
      ),
    );
  });
});
