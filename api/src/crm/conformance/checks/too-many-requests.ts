import { errorPage, madeAnswer, surviveOnce } from '../troubles.ts';
import { type Check, failed } from '../types.ts';

const askedSeconds = 7;

export const tooManyRequests: Check = {
  id: 'too-many-requests',
  promise: 'When the CRM says that we ask too much, we wait as long as it says and go on.',
  how: `Answers one page with HTTP 429 and Retry-After: ${askedSeconds}, without waiting in earnest.`,
  run: async (bench) => {
    const { verdict, waitedMs } = await surviveOnce(bench, {
      what: 'After HTTP 429 in the middle of a walk',
      advice: 'Let 429 mean `rateLimited` (as it does when nothing is said under `errors`).',
      answer: () => madeAnswer(429, errorPage, { 'retry-after': String(askedSeconds) }),
    });
    if (verdict.verdict !== 'passed' || waitedMs >= askedSeconds * 1000) return verdict;
    return failed(
      `the CRM asked for ${askedSeconds} s, and the next request came after ${waitedMs / 1000} s`,
      'Let 429 mean `rateLimited` (as it does when nothing is said under `errors`).',
    );
  },
};
