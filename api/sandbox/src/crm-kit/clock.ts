/** The CRM's clock: the machine's, plus what the sandbox's switch adds. Everything that a CRM dates, expires or counts by time asks it. */
export interface SandboxClock {
  readonly now: () => Date;
  /** Milliseconds ahead of the machine's clock; below 0 it is behind. */
  readonly offsetMs: number;
  setOffsetMs(offsetMs: number): void;
  passMs(ms: number): void;
}

export const createClock = (machineNow: () => Date = () => new Date()): SandboxClock => {
  let offsetMs = 0;
  return {
    now: () => new Date(machineNow().getTime() + offsetMs),
    get offsetMs() {
      return offsetMs;
    },
    setOffsetMs: (wanted) => {
      offsetMs = wanted;
    },
    passMs: (ms) => {
      offsetMs += ms;
    },
  };
};
