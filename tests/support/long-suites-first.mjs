// In which order the suites start. A long one that starts last runs alone, while the other core has nothing to do.
import sequencer from '@jest/test-sequencer';

const Sequencer = sequencer.default ?? sequencer;

/** Suites that start programs and databases, the longest first: from a minute and a half down to some seconds. All others take less. */
const longOnes = [
  'tests/api/main-job/',
  'tests/store/',
  'tests/sandbox/process/',
  'tests/api/connectors/kit/',
  'tests/api/http/',
  'tests/api/verify/',
  'tests/browser/',
  'tests/sandbox/dataverse/limits/',
  'tests/api/',
];

const rankOf = (path) => {
  const rank = longOnes.findIndex((folder) => path.includes(folder));
  return rank < 0 ? longOnes.length : rank;
};

export default class LongSuitesFirst extends Sequencer {
  /** jest remembers how long suites took, but not on a machine that is new, as CI's is: there it would go by the size of their files. */
  sort(tests) {
    const sorted = super.sort(tests);
    const isNewHere = sorted.every(({ duration }) => duration === undefined);
    return isNewHere ? sorted.toSorted((one, other) => rankOf(one.path) - rankOf(other.path)) : sorted;
  }
}
