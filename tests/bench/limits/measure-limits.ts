import { setTimeout as delay } from 'node:timers/promises';
import { requestJson } from '../../support/http-json.ts';
import { startReadyProcess } from '../../support/ready-process.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';

export interface LimitsOptions {
  /** How many times faster than the machine's the sandbox's clock goes. */
  readonly speed: number;
  /** Simulated; measured are those after the first window, which may be used up in a burst. */
  readonly minutes: number;
  readonly webServers: number;
}

export interface Contestant {
  readonly name: string;
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly users: readonly { readonly clientId: string; readonly clientSecret: string }[];
}

export interface LimitsFigures {
  readonly rowsPerSecond: number;
  /** What the execution time of all its users together allows, if requests cost nothing beside their rows. */
  readonly permittedRowsPerSecond: number;
  readonly requests: number;
  readonly refused: number;
  /** By how much the sandbox's clock ran slower than it says; a figure measured on a machine that is too slow shows here. */
  readonly clockLateness: number;
}

interface Traffic {
  readonly byUserAndServer: readonly {
    readonly requests: number;
    readonly refused: Readonly<Record<string, number>>;
    readonly rowsWritten: number;
  }[];
}

interface ClockState {
  readonly nowMs: number;
  readonly lateness: { readonly share: number };
}

interface Limits {
  readonly executionMs: number;
  readonly windowMs: number;
  readonly executionTimes: { readonly rowMs: Readonly<Record<string, number>> };
}

const firstWindowMinutes = 5;

const snapshot = async ({ dataverseUrl }: Sandbox) => {
  const { nowMs } = await requestJson<ClockState>(`${dataverseUrl}/sandbox/clock`);
  const { byUserAndServer: traffic } = await requestJson<Traffic>(`${dataverseUrl}/sandbox/statistics`);
  const sum = (pick: (count: Traffic['byUserAndServer'][number]) => number): number =>
    traffic.reduce((total, count) => total + pick(count), 0);
  return {
    nowMs,
    rows: sum(({ rowsWritten }) => rowsWritten),
    requests: sum(({ requests }) => requests),
    refused: sum(({ refused }) => Object.values(refused).reduce((total, count) => total + count, 0)),
  };
};

/** Lets one contestant load a sandbox of its own, whose limits are on, and says what it reached once the first window was over. */
export const measureLimits = async (contestant: Contestant, options: LimitsOptions, crmUrl: string): Promise<LimitsFigures> => {
  const { speed, minutes, webServers } = options;
  const sandbox = await startSandbox({ limits: true, webServers, clockSpeed: speed });
  try {
    const limits = await requestJson<Limits>(`${sandbox.dataverseUrl}/sandbox/limits`);
    const load = await startReadyProcess({
      args: [
        contestant.script,
        ...['--dataverse-url', sandbox.dataverseUrl, '--issuer-url', sandbox.issuerUrl, '--crm-url', crmUrl, '--speed', String(speed)],
        ...['--users', contestant.users.map(({ clientId, clientSecret }) => `${clientId}=${clientSecret}`).join(',')],
        ...(contestant.arguments ?? []),
      ],
    });
    try {
      await delay((firstWindowMinutes * 60_000) / speed);
      const from = await snapshot(sandbox);
      await delay(((minutes - firstWindowMinutes) * 60_000) / speed);
      const to = await snapshot(sandbox);
      if (load.errorOutput() !== '') throw new Error(`${contestant.name} complained:\n${load.errorOutput()}`);
      const { lateness } = await requestJson<ClockState>(`${sandbox.dataverseUrl}/sandbox/clock`);
      const rowMs = limits.executionTimes.rowMs.upsertMultiple ?? Number.NaN;
      return {
        rowsPerSecond: ((to.rows - from.rows) / (to.nowMs - from.nowMs)) * 1_000,
        permittedRowsPerSecond: ((contestant.users.length * webServers * limits.executionMs) / limits.windowMs / rowMs) * 1_000,
        requests: to.requests,
        refused: to.refused,
        clockLateness: lateness.share,
      };
    } finally {
      await load.stop();
    }
  } finally {
    await sandbox.stop();
  }
};
