import { AppError } from '../../../api/src/errors/app-error.ts';
import { describeError } from '../../../api/src/telemetry/describe-error.ts';
import { createLogger, type LogLevel } from '../../../api/src/telemetry/logger.ts';

const logTo = (level: LogLevel = 'info') => {
  const lines: string[] = [];
  return { log: createLogger({ level, destination: { write: (line) => lines.push(line) } }), lines };
};

describe('the log', () => {
  it('is one JSON object a line, with level and time in words', () => {
    const { log, lines } = logTo();
    log.info({ runId: 'r1' }, 'started');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      runId: 'r1',
      msg: 'started',
    });
  });

  it('keeps to its level', () => {
    const { log, lines } = logTo('warn');
    log.info('quiet');
    log.warn('loud');
    expect(lines).toHaveLength(1);
  });

  it.each([
    [{ authorization: 'Bearer s3cret' }],
    [{ headers: { authorization: 's3cret', cookie: 's3cret', 'set-cookie': 's3cret', 'x-api-key': 's3cret' } }],
    [{ source: { settings: { apiKey: 's3cret', password: 's3cret' } } }],
    [{ credential: { clientSecret: 's3cret', token: 's3cret' } }],
  ])('hides what must not be read in %j', (fields) => {
    const { log, lines } = logTo();
    log.info(fields, 'connecting');
    expect(lines.join('')).not.toContain('s3cret');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('tells of an error its code, words and causes, and not the request that a library hung on it', () => {
    const cause = Object.assign(new Error('request to https://user:s3cret@crm.example.com/api?key=s3cret failed'), {
      code: 'ECONNREFUSED',
      config: { headers: { Authorization: 'Bearer s3cret' }, data: '{"name":"Ada s3cret"}' },
      response: { data: { email: 's3cret@example.com' } },
    });
    const { log, lines } = logTo();
    log.error(
      { err: new AppError('crm.unreachable', { source: 'northwind', host: 'crm.example.com', problem: 'refused' }, cause) },
      'failed',
    );
    expect(lines.join('')).not.toContain('s3cret');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: {
        type: 'AppError',
        code: 'crm.unreachable',
        cause: { code: 'ECONNREFUSED', message: expect.stringContaining('crm.example.com/api?[redacted]') as string },
      },
    });
  });

  it('hides a token that a message quotes', () => {
    expect(describeError(new Error('bad header "Bearer eyJhbGciOi.eyJzdWIi.c2ln"')).message).toBe('bad header "Bearer [redacted]"');
  });

  it('comes to an end with an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"message"/g)).toHaveLength(6);
  });

  it.each([['a text'], [undefined], [null], [{ name: 'Ada' }]])('does not copy what is no error (%j)', (thrown) => {
    expect(JSON.stringify(describeError(thrown))).not.toContain('Ada');
  });
});
