import { cutConnection, surviveOnce } from '../troubles.ts';
import type { Check } from '../types.ts';

export const connectionCut: Check = {
  id: 'connection-cut',
  promise: 'A connection that is cut is made again, and nothing is lost.',
  how: 'Cuts the connection instead of giving one page.',
  run: async (bench) => {
    const { verdict } = await surviveOnce(bench, {
      what: 'After a cut connection in the middle of a walk',
      advice: 'Allow more than one of `http.tries`.',
      answer: () => {
        throw cutConnection();
      },
    });
    return verdict;
  },
};
