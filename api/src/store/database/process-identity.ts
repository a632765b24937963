import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCodeOf } from './database-errors.ts';

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** A machine since its last start; process ids mean something only within it. A container has a name of its own. */
export const thisHost = (): string => `${hostname()} ${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`.trim();

/** proc(5): fields after the command's name, which may hold spaces and brackets; 3 is the state, 22 the start in clock ticks. */
const linuxStart = (pid: number): string | null => {
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
};

const unixStart = (pid: number): string | null => {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return errorCodeOf(error) === 'EPERM';
  }
};

/**
 * When a process of this machine started, in the system's own words, or null when there is none (a zombie counts as none).
 * With the id it names a process for good: ids are used again, in containers nearly always (every main process is 1).
 */
export const processStart = (pid: number): string | null => {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return isAlive(pid) ? 'running' : null;
  return unixStart(pid);
};
