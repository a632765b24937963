/** Time where Dataverse is: what it writes into `createdon` and `modifiedon` is to be compared with this and not with our own clock. */
export interface ServerClock {
  nowMs(): number;
  /** The `Date` header of an answer that has just come. */
  observe(date: string | undefined): void;
}

/** The header is cut to whole seconds: on average it is half of one old. */
const cutOffMs = 500;

/** Ours until the first answer has come. Right to about a second. */
export const createServerClock = (nowMs: () => number): ServerClock => {
  let aheadMs = 0;
  return {
    nowMs: () => nowMs() + aheadMs,
    observe: (date) => {
      const dateMs = date === undefined ? Number.NaN : Date.parse(date);
      if (!Number.isNaN(dateMs)) aheadMs = dateMs + cutOffMs - nowMs();
    },
  };
};
