import { readPastedCode } from '../../../api/src/cli/connect-source.ts';

describe('what is pasted after a sign-in with a browser', () => {
  it('may be the whole address, or the code alone', () => {
    expect(readPastedCode(' https://sync.example/api/sign-in/return?state=s.1&code=abcd%2F1\n', 's.2')).toEqual({
      state: 's.1',
      code: 'abcd/1',
    });
    expect(readPastedCode('abcd/1', 's.2')).toEqual({ state: 's.2', code: 'abcd/1' });
  });

  it('is nothing when there is no code in it', () => {
    expect(readPastedCode('https://sync.example/?error=access_denied', 's')).toBeNull();
    expect(readPastedCode('two words', 's')).toBeNull();
  });
});
