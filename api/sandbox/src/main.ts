import { fstatSync } from 'node:fs';
import { startSandbox } from './sandbox.ts';
import { StartRefused, readSettings } from './settings.ts';

/** Whoever started us through a pipe and is gone leaves it closed; then nobody needs the sandbox any more. */
const isStdinPipe = (): boolean => {
  try {
    const stdin = fstatSync(0);
    // Node's own child processes get a socket pair.
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
};

const untilAskedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (isStdinPipe()) process.stdin.once('end', resolve).once('error', resolve).once('close', resolve).resume();
  });

try {
  const stop = untilAskedToStop();
  const { close, furtherUrls, ...addresses } = await startSandbox(readSettings(process.argv.slice(2)));
  process.stdout.write(`${JSON.stringify({ ready: true, ...addresses, ...furtherUrls })}\n`);
  await stop;
  await close();
  process.exit(0);
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  process.stdin.destroy();
}
