import * as React from 'react';

export interface RequestHandlers<Answer> {
  readonly onAnswer: (answer: Answer) => void;
  readonly onFailure: (error: unknown) => void;
}

export interface RequestSlot {
  readonly isBusy: () => boolean;
  /** Gives up what the slot was busy with and asks this instead; neither handler is called once it was given up in turn. */
  readonly start: <Answer>(ask: (signal: AbortSignal) => Promise<Answer>, handlers: RequestHandlers<Answer>) => void;
  readonly stop: () => void;
}

const createSlot = (): RequestSlot => {
  let underWay: AbortController | undefined;
  const stop = () => {
    underWay?.abort();
    underWay = undefined;
  };
  return {
    isBusy: () => underWay !== undefined,
    stop,
    start: <Answer>(ask: (signal: AbortSignal) => Promise<Answer>, { onAnswer, onFailure }: RequestHandlers<Answer>) => {
      stop();
      const mine = new AbortController();
      underWay = mine;
      const finish = (tell: () => void) => {
        if (mine.signal.aborted) return;
        underWay = undefined;
        tell();
      };
      // Asked at once and not a tick later: a sign-in window may open only in the very click.
      new Promise<Answer>((resolve) => resolve(ask(mine.signal))).then(
        (answer) => finish(() => onAnswer(answer)),
        (error: unknown) => finish(() => onFailure(error)),
      );
    },
  };
};

/** A place for one request at a time; what is in it when the component leaves is given up. */
export const useRequestSlot = (): RequestSlot => {
  const [slot] = React.useState(createSlot);
  React.useEffect(() => slot.stop, [slot]);
  return slot;
};
