/**
 * The sandbox's clock. At speed 1 it is the machine's; at speed 50 five minutes of Dataverse take six seconds. Everything that the
 * sandbox Dataverse measures or waits for goes by it.
 */
import { createDeadlines } from './deadlines.ts';
import { type MachineTime, machineTime } from './machine-time.ts';

export interface Lateness {
  /** Waits that have ended. */
  readonly waits: number;
  /** By how much they ended later than they should, in simulated milliseconds. */
  readonly meanMs: number;
  readonly largestMs: number;
  /** The same against how long they were meant to take: 0.05 means that time here ran 5 % slower than it says. */
  readonly share: number;
}

export interface SandboxClock {
  /** Simulated epoch milliseconds, with fractions; never goes back. */
  nowMs(): number;
  readonly speed: number;
  setSpeed(speed: number): void;
  /** Resolves once the simulated moment has come, never before. */
  until(momentMs: number): Promise<void>;
  /** How honest the clock has been since the start or the last change of speed: a machine that is too slow for the speed shows here. */
  readonly lateness: Lateness;
  /** Ends all waits at once, so that nobody hangs when the sandbox stops. */
  close(): void;
}

/** How fast the clock may be set; how fast it is still honest depends on the machine (see the README). */
export const largestSpeed = 1000;

/** A wait may end so much late without being looked for exactly, which costs processor time. */
const toleratedShare = 0.03;

export function createClock({
  speed: startSpeed = 1,
  machine = machineTime,
}: {
  speed?: number;
  machine?: MachineTime;
} = {}): SandboxClock {
  const deadlines = createDeadlines();
  let speed = startSpeed;
  // Simulated time is told from the last change of speed on, so nothing adds up and drifts.
  let anchor = { machineMs: machine.nowMs(), simulatedMs: machine.nowMs() };
  let armedForMs = Number.POSITIVE_INFINITY;
  let callOff = (): void => undefined;
  let isClosed = false;
  let seen = { waits: 0, lateMs: 0, meantMs: 0, largestMs: 0 };

  const nowMs = (): number => anchor.simulatedMs + (machine.nowMs() - anchor.machineMs) * speed;

  function wakeAll(): void {
    armedForMs = Number.POSITIVE_INFINITY;
    while (deadlines.earliest !== undefined && (isClosed || deadlines.earliest.momentMs <= nowMs())) {
      const due = deadlines.takeEarliest();
      if (due === undefined) break;
      const lateMs = Math.max(0, nowMs() - due.momentMs);
      seen = { ...seen, waits: seen.waits + 1, lateMs: seen.lateMs + lateMs, largestMs: Math.max(seen.largestMs, lateMs) };
      due.resolve();
    }
    arm();
  }

  function arm(): void {
    const next = deadlines.earliest;
    if (next === undefined || next.momentMs >= armedForMs) return;
    callOff();
    armedForMs = next.momentMs;
    const machineMs = anchor.machineMs + (next.momentMs - anchor.simulatedMs) / speed;
    // A microsecond more than doubles of this size can blur: woken a hair early, nothing would be due.
    callOff = machine.wakeAt(machineMs + 0.001, next.toleranceMs / speed, wakeAll);
  }

  return {
    nowMs,
    get speed() {
      return speed;
    },
    setSpeed(newSpeed) {
      anchor = { simulatedMs: nowMs(), machineMs: machine.nowMs() };
      speed = newSpeed;
      seen = { waits: 0, lateMs: 0, meantMs: 0, largestMs: 0 };
      callOff();
      armedForMs = Number.POSITIVE_INFINITY;
      arm();
    },
    until(momentMs) {
      const meantMs = momentMs - nowMs();
      if (meantMs <= 0 || isClosed) return Promise.resolve();
      seen.meantMs += meantMs;
      return new Promise((resolve) => {
        deadlines.add({ momentMs, toleranceMs: meantMs * toleratedShare, resolve });
        arm();
      });
    },
    get lateness() {
      const { waits, lateMs, meantMs, largestMs } = seen;
      return { waits, meanMs: waits === 0 ? 0 : lateMs / waits, largestMs, share: meantMs === 0 ? 0 : lateMs / meantMs };
    },
    close() {
      isClosed = true;
      callOff();
      wakeAll();
    },
  };
}
