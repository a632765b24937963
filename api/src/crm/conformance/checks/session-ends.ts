import { isAppError } from '../../../errors/app-error.ts';
import { judgeWalk } from '../judge-walk.ts';
import { madeAnswer, surviveOnce } from '../troubles.ts';
import { type Check, notRun, passed } from '../types.ts';
import { noLimit, walk } from '../walk.ts';

const what = 'After HTTP 401 in the middle of a walk';
const advice =
  'Let 401 mean `signInAgain` (as it does when nothing is said under `errors`), and see that the sign-in gives a new token when it is asked again.';

export const sessionEnds: Check = {
  id: 'session-ends',
  promise:
    'When the sign-in ends in the middle of a walk it is renewed and nothing is lost; where it cannot be, the walk stops and says so.',
  how: 'Answers one page with HTTP 401.',
  run: async (bench) => {
    const { signsInAnew, small, signal, smallWalk } = bench;
    const { verdict, walked } = await surviveOnce(bench, { what, advice, answer: () => madeAnswer(401, '') });
    if (signsInAnew) {
      // Then the CRM is not asked at all, as the manifest wants it.
      return isAppError(walked.error, 'crm.sign_in_too_often')
        ? notRun('the manifest lets sign-ins follow each other only after a while (`minInterval`)')
        : verdict;
    }
    if (verdict.verdict === 'notRun') return verdict;
    if (walked.error === null) return verdict;
    if (!isAppError(walked.error, 'crm.unauthorised')) return verdict;
    const last = walked.pages.at(-1);
    if (last === undefined || !smallWalk.isWhole) return passed('the sign-in cannot be renewed: the run stops and says so');
    const rest = await walk(small.reader.listAll(last.next, signal), noLimit);
    const whole = { ...rest, pages: [...walked.pages, ...rest.pages] };
    return (
      (await judgeWalk(bench, whole, { what: 'Gone on where HTTP 401 had stopped it' })) ??
      passed('the sign-in cannot be renewed: the run stops, says so, and goes on from there later')
    );
  },
};
