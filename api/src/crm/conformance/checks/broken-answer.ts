import { judgeWalk, walkAgain } from '../judge-walk.ts';
import { neverStruck, strikeOnce } from '../troubles.ts';
import { type Check, failed, passed } from '../types.ts';
import { noLimit, walk } from '../walk.ts';

export const brokenAnswer: Check = {
  id: 'broken-answer',
  promise: 'Half an answer is not taken for the end of the list; the walk stops, and goes on from there later.',
  how: 'Gives only the first half of one page’s body.',
  run: async (bench) => {
    const { small, signal, smallWalk } = bench;
    const strike = strikeOnce(bench, async (request, ask) => {
      const answer = await ask(request);
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
    });
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return neverStruck;
    if (walked.error === null)
      return failed('half an answer was taken for a whole one', 'Say what answers are: `http: { answers: json }` (or xml).');
    if (walked.error.code !== 'crm.bad_answer')
      return failed(`half an answer became ${walked.error.code}`, 'Make the rules under `errors` more exact: one fits half an answer.');
    const last = walked.pages.at(-1);
    if (last === undefined || !smallWalk.isWhole) return passed();
    const rest = await walk(small.reader.listAll(last.next, signal), noLimit);
    return (
      (await judgeWalk(
        bench,
        { ...rest, pages: [...walked.pages, ...rest.pages] },
        { what: 'Gone on where half an answer had stopped it' },
      )) ?? passed()
    );
  },
};
