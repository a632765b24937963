/** The machine's own time, to a fraction of a millisecond. */
export interface MachineTime {
  /** Epoch milliseconds with fractions; never goes back. */
  nowMs(): number;
  /**
   * Calls back once `momentMs` has come, never before, and at most about `toleranceMs` late as long as the machine has time.
   * Gives back what calls it off.
   */
  wakeAt(momentMs: number, toleranceMs: number, callback: () => void): () => void;
}

/** A timer of Node's is up to so late (measured: 1.1 ms), so the end of an exact wait is looked for instead. */
const timerLatenessMs = 1.5;

export const machineTime: MachineTime = {
  nowMs: () => performance.timeOrigin + performance.now(),
  wakeAt(momentMs, toleranceMs, callback) {
    let cancel = (): void => undefined;
    const lookAgain = (): void => {
      const leftMs = momentMs - machineTime.nowMs();
      if (leftMs <= 0) return callback();
      const isExact = toleranceMs < timerLatenessMs;
      if (isExact && leftMs <= timerLatenessMs) {
        // Turns the event loop instead of sleeping: requests are still served, but a core is busy with it.
        const immediate = setImmediate(lookAgain);
        cancel = () => clearImmediate(immediate);
        return;
      }
      // Node cuts a delay to whole milliseconds and may fire a little early: then it is looked at once more.
      const timer = setTimeout(lookAgain, isExact ? leftMs - timerLatenessMs : Math.ceil(leftMs));
      cancel = () => clearTimeout(timer);
    };
    lookAgain();
    return () => cancel();
  },
};
