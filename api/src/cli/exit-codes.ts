/** What a script can rely on. */
export const exitCodes = {
  done: 0,
  /** The run or the command failed; nothing more could be done. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was tried. */
  usage: 2,
  /** The run finished, but some records failed or removals wait. */
  partial: 3,
  /** The run finished, but what it read cannot be believed: far fewer records than before, or most of them failed. */
  suspicious: 4,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeOfRun = (state: string): ExitCode => {
  switch (state) {
    case 'succeeded':
      return exitCodes.done;
    case 'partial':
      return exitCodes.partial;
    case 'suspicious':
      return exitCodes.suspicious;
    case 'cancelled':
      return exitCodes.cancelled;
    default:
      return exitCodes.failed;
  }
};
