/** Whoever passes it first waits there; all others go on. */
export const createGate = () => {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let isPassed = false;
  return {
    arrived: arrived.promise,
    open: () => opened.resolve(),
    pass: async (): Promise<void> => {
      if (isPassed) return;
      isPassed = true;
      arrived.resolve();
      await opened.promise;
    },
  };
};
