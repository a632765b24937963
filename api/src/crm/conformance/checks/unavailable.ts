import { errorPage, madeAnswer, surviveOnce } from '../troubles.ts';
import type { Check } from '../types.ts';

export const unavailable: Check = {
  id: 'unavailable',
  promise: 'A CRM that is away for a moment is asked again, and nothing is lost.',
  how: 'Answers one page with HTTP 503 and a page in HTML.',
  run: async (bench) => {
    const { verdict } = await surviveOnce(bench, {
      what: 'After HTTP 503 in the middle of a walk',
      advice: 'Let 503 mean `retry` (as it does when nothing is said under `errors`), and allow more than one of `http.tries`.',
      answer: () => madeAnswer(503, errorPage),
    });
    return verdict;
  },
};
