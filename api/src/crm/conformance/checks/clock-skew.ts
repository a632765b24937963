import type { Exchange } from '../../http/exchange.ts';
import type { Distort } from '../interposer.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { walk } from '../walk.ts';

const hourMs = 3_600_000;
/** The Date header has whole seconds, and an answer takes its time. */
const slackMs = 60_000;

const skewed = (answer: Exchange, skewMs: number): Exchange => ({
  ...answer,
  header: (name) => {
    const value = answer.header(name);
    return name === 'date' && value !== undefined ? new Date(Date.parse(value) + skewMs).toUTCString() : value;
  },
});

export const clockSkew: Check = {
  id: 'clock-skew',
  promise: 'Which time is read goes by the CRM’s clock, not by ours.',
  how: 'Puts the Date of the answers an hour ahead and an hour back.',
  run: async (bench) => {
    const { usual, signal } = bench;
    let isDated = false;
    const readOnePage = (distort: Distort) =>
      bench.distorted(distort, () => walk(usual.reader.listAll(null, signal), { records: 1, pages: 1 }));
    for (const skewMs of [hourMs, -hourMs]) {
      const before = usual.nowMs();
      const { value } = await readOnePage(async (request, ask) => {
        const answer = await ask(request);
        isDated = answer.header('date') !== undefined;
        return skewed(answer, skewMs);
      });
      if (value.error !== null) throw value.error;
      if (!isDated) return notRun('the CRM does not say what time it is there (Date header), so our own clock counts');
      const movedMs = usual.nowMs() - before;
      // The next honest answer puts the clock right again.
      await readOnePage((request, ask) => ask(request));
      if (Math.abs(movedMs - skewMs) > slackMs)
        return failed(
          `the CRM’s clock moved by ${skewMs / 60_000} min, and the time that would be read by ${Math.round(movedMs / 60_000)} min`,
          'A cache in front of the CRM gives old answers (Age header); go round it.',
        );
    }
    return passed();
  },
};
