import { logSettingsOf } from '../../../api/src/cli/log-settings.ts';
import { createLogger } from '../../../api/src/telemetry/logger.ts';

describe('the log of a command', () => {
  const warnAndFail = (isVerbose: boolean): string => {
    let shown = '';
    const terminal = { write: (text: string) => (shown += text) };
    const log = createLogger(logSettingsOf({ level: 'info', isVerbose, terminal }));
    log.warn('asked again');
    log.error('went wrong');
    return shown;
  };

  it('leaves warnings out where the progress bar stands, and never writes into the bar', () => {
    const [line, ...others] = warnAndFail(false).trimEnd().split('\n');
    expect(line).toContain('\r\u001b[K{');
    expect(line).toContain('went wrong');
    expect(others).toEqual([]);
  });

  it('shows them when they are wanted, and in a pipe', () => {
    expect(warnAndFail(true)).toContain('asked again');
    expect(logSettingsOf({ level: 'info', isVerbose: false, terminal: null })).toEqual({ level: 'warn', destination: 'stderr' });
  });

  it.each(['debug', 'silent'] as const)('says as much as the configuration asks: %s', (level) => {
    expect(logSettingsOf({ level, isVerbose: false, terminal: null }).level).toBe(level);
  });
});
