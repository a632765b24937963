import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../errors/app-error.ts';
import { errorCodeOf, toStoreError } from './database-errors.ts';
import { processStart, thisHost } from './process-identity.ts';

/**
 * The embedded database has no lock of its own: two processes that opened one folder both wrote, and silently drifted apart.
 * So a file says who has it. Of a process of this machine we know whether it lives; one elsewhere (a container on the same
 * volume) shows that it lives by touching the file.
 */
const touchIntervalMs = 5_000;
const silentAfterMs = 30_000;
const takeoverTries = 50;
const takeoverWaitMs = 100;

interface Clock {
  nowMs(): number;
}

interface Holder {
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly start: string | null;
  readonly address: string | null;
}

export interface FolderLock {
  release(): void;
}

export interface LockFolderOptions {
  readonly folder: string;
  readonly address: string | null;
  readonly clock: Clock;
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'token' in value &&
  'host' in value &&
  'pid' in value &&
  'start' in value &&
  'address' in value;

/** null: nobody, or a file that its writer had no time to fill. */
const readHolder = (path: string): Holder | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHolder(value) ? value : null;
  } catch {
    return null;
  }
};

const modifiedMs = (path: string): number => {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
};

const touchFile = (path: string, clock: Clock): void => {
  const now = new Date(clock.nowMs());
  try {
    utimesSync(path, now, now);
  } catch {
    // The folder was removed under us; the database will say so itself.
  }
};

const isLive = (holder: Holder, path: string, nowMs: number): boolean =>
  holder.host === thisHost()
    ? holder.start !== null && processStart(holder.pid) === holder.start
    : nowMs - modifiedMs(path) < silentAfterMs;

/** Judging an old lock and replacing it must be one step, or two processes could each remove the other's. A folder is made once. */
const holdTakeover = async (path: string, clock: Clock): Promise<() => void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(path);
      touchFile(path, clock);
      return () => rmdirSync(path);
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST' || tries >= takeoverTries) throw error;
      // Its maker died between two lines of this file.
      if (clock.nowMs() - modifiedMs(path) > silentAfterMs) rmSync(path, { recursive: true, force: true });
      await wait(takeoverWaitMs);
    }
  }
};

/** Throws `store.in_use` when a living process has the folder. The lock of a dead one is taken over. */
export const lockFolder = async ({ folder, address, clock }: LockFolderOptions): Promise<FolderLock> => {
  const path = join(folder, 'in-use.json');
  const mine: Holder = { token: randomUUID(), host: thisHost(), pid: process.pid, start: processStart(process.pid), address };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const endTakeover = await holdTakeover(join(folder, 'in-use.takeover'), clock);
    try {
      const holder = readHolder(path);
      if (holder !== null && isLive(holder, path, clock.nowMs())) {
        const who = holder.host === mine.host ? String(holder.pid) : `${holder.pid} on ${holder.host.split(' ')[0] ?? ''}`;
        throw new AppError('store.in_use', { folder, process: who, address: holder.address ?? 'its address' });
      }
      writeFileSync(path, JSON.stringify(mine), { mode: 0o600 });
      touchFile(path, clock);
    } finally {
      endTakeover();
    }
  } catch (error) {
    const code = errorCodeOf(error);
    const isFolderBad = code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EPERM' || code === 'EEXIST';
    throw isFolderBad
      ? new AppError('store.unavailable', { problem: `the folder ${folder} cannot be written (${code})` }, error)
      : toStoreError(error, folder);
  }

  const touch = setInterval(() => touchFile(path, clock), touchIntervalMs).unref();
  return {
    release() {
      clearInterval(touch);
      if (readHolder(path)?.token === mine.token) rmSync(path, { force: true });
    },
  };
};
