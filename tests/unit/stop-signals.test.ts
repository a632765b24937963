import { EventEmitter } from 'node:events';
import { listenForStop } from '../../api/src/stop-signals.ts';

describe('being told to stop', () => {
  const listen = () => {
    const signals = new EventEmitter();
    const heard: string[] = [];
    let nowMs = 0;
    listenForStop(
      signals,
      { nowMs: () => nowMs },
      { onStop: (signal) => void heard.push(`stop ${signal}`), onInsist: () => void heard.push('insist') },
    );
    return { heard, say: (signal: string, atMs: number) => ((nowMs = atMs), signals.emit(signal)) };
  };

  it('ends in order at the first Ctrl-C and at once at the second', () => {
    const { heard, say } = listen();
    say('SIGINT', 0);
    say('SIGINT', 2_000);
    expect(heard).toEqual(['stop SIGINT', 'insist']);
  });

  it('takes one key press that arrives twice for one', () => {
    const { heard, say } = listen();
    say('SIGINT', 0);
    say('SIGINT', 20);
    expect(heard).toEqual(['stop SIGINT']);
  });

  it('never hurries for a supervisor that says SIGTERM again', () => {
    const { heard, say } = listen();
    say('SIGTERM', 0);
    say('SIGTERM', 5_000);
    expect(heard).toEqual(['stop SIGTERM']);
  });
});
