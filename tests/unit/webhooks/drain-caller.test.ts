import { AppError } from '../../../api/src/errors/app-error.ts';
import { createDrainCaller } from '../../../api/src/webhooks/drain-caller.ts';

const open = () => {
  const sent: string[] = [];
  const told: string[] = [];
  const sleeps: PromiseWithResolvers<void>[] = [];
  let isAway = false;
  const caller = createDrainCaller({
    jobs: {
      send: async (queue, data, options) => {
        if (isAway) throw new AppError('store.unavailable', { problem: 'away' });
        sent.push(`${queue} ${data.sourceId} ${options?.singletonKey}`);
      },
    },
    sleep: (_ms, signal) => {
      const sleeping = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => sleeping.reject(new Error('stopped')));
      if (signal.aborted) sleeping.reject(new Error('stopped'));
      sleeps.push(sleeping);
      return sleeping.promise;
    },
    log: { warn: (_details, message) => void told.push(message) },
  });
  const settle = (): Promise<void> => new Promise(setImmediate);
  /** Lets the newest pause end, and what follows from it happen. */
  const wake = async (): Promise<void> => {
    await settle();
    sleeps.at(-1)?.resolve();
    await settle();
  };
  return { caller, sent, told, wake, settle, setAway: (value: boolean) => void (isAway = value) };
};

describe('calling a worker for deliveries', () => {
  it('happens at once for one that comes alone', async () => {
    const { caller, sent, wake } = open();
    caller.call('crm');
    expect(sent).toEqual(['inbox crm crm']);
    await wake();
    caller.call('crm');
    expect(sent).toHaveLength(2);
    await caller.stop();
  });

  it('happens once more for any number that come soon after, when the last of them has come', async () => {
    const { caller, sent, wake, settle } = open();
    for (let times = 0; times < 200; times += 1) caller.call('crm');
    await settle();
    expect(sent).toHaveLength(1);
    await wake();
    expect(sent).toHaveLength(2);
    await wake();
    expect(sent).toHaveLength(2);
    await caller.stop();
  });

  it('for one source does not wait for another', async () => {
    const { caller, sent } = open();
    caller.call('one');
    caller.call('two');
    expect(sent).toEqual(['inbox one one', 'inbox two two']);
    await caller.stop();
  });

  it('is tried again while the store is away, which is said once', async () => {
    const { caller, sent, told, wake, setAway, settle } = open();
    setAway(true);
    caller.call('crm');
    await settle();
    await wake();
    await wake();
    expect(told).toHaveLength(1);
    setAway(false);
    await wake();
    expect(sent).toEqual(['inbox crm crm']);
    await caller.stop();
  });

  it('still happens for those that came last when the process stops, and keeps it from stopping only so long', async () => {
    const { caller, sent } = open();
    caller.call('crm');
    caller.call('crm');
    await caller.stop();
    expect(sent).toHaveLength(2);
    const other = open();
    other.setAway(true);
    other.caller.call('crm');
    await other.caller.stop();
    expect(other.sent).toEqual([]);
  });
});
