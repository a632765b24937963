import { usualTimings } from '../../../api/src/store/jobs/queue-settings.ts';

describe('the queue', () => {
  it('gives the work of a worker that died to another within 60 seconds', () => {
    const { heartbeatSeconds, superviseSeconds, retryDelayMaxSeconds, pollSeconds } = usualTimings;
    expect(heartbeatSeconds + superviseSeconds + retryDelayMaxSeconds + pollSeconds).toBeLessThanOrEqual(60);
  });
});
