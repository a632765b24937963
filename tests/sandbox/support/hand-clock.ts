/** A clock that stands until it is moved. */
export const handClock = (start: string) => {
  let at = new Date(start).getTime();
  return {
    now: (): Date => new Date(at),
    passMs: (ms: number): void => {
      at += ms;
    },
  };
};
