import { type Random, createRandom } from '../support/random.ts';
import type { DataverseFault } from '../support/sandbox-dataverse.ts';

/** Where a seed's API processes keep what must survive, and how many there are. */
export type Formation = 'embedded' | 'server' | 'pair';

/** Something that happens to the product or around it. Records are named by number: who plays it knows which they are. */
export type ChaosEvent =
  | { readonly kind: 'changePerson' | 'deletePerson' | 'restorePerson' | 'clickPerson'; readonly person: number }
  | { readonly kind: 'movePerson'; readonly person: number; readonly company: number }
  | { readonly kind: 'changeCompany' | 'clickCompany'; readonly company: number }
  | { readonly kind: 'createPerson' | 'createCompanyWithPerson' }
  | { readonly kind: 'startRun' };

/**
 * How a process dies. arrives: its request is at Dataverse and will be carried out though nobody hears the answer. done: it has been,
 * and the answer is not sent. answered: the answer is on its way. `afterMs` later in each case.
 */
export interface Kill {
  /** Counted over all requests to Dataverse that write, from the seed's begin. */
  readonly atWrite: number;
  readonly when: 'arrives' | 'done' | 'answered';
  readonly afterMs: number;
  /** How long it stays dead. */
  readonly restartAfterMs: number;
}

export interface CrmTrouble {
  readonly kind: 'unavailable' | 'throttle' | 'cutBody' | 'slow';
  readonly count: number;
  readonly after: number;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly formation: Formation;
  readonly events: readonly { readonly atWrite: number; readonly event: ChaosEvent }[];
  readonly kills: readonly Kill[];
  readonly crmTroubles: readonly CrmTrouble[];
  readonly dataverseFaults: readonly DataverseFault[];
}

/** The embedded database takes longest to start. */
const formations: readonly Formation[] = ['pair', 'embedded', 'server', 'pair', 'server', 'pair', 'pair', 'server', 'pair', 'server'];
export const formationOf = (seed: number): Formation => formations[seed % formations.length] ?? 'pair';

/** A first load of the sample data takes some 12 writes; webhooks and clicks add theirs. */
const lastWrite = 14;
/** Few, so that several doors meet at one record. */
const busyPeople = 5;
const busyCompanies = 3;

const pick = <const Item>(random: Random, items: readonly [Item, ...Item[]]): Item => items[random.below(items.length)] ?? items[0];
const times = <Item>(count: number, make: () => Item): readonly Item[] => Array.from({ length: count }, make);

const planEvent = (random: Random): ChaosEvent => {
  const person = random.below(busyPeople);
  const company = random.below(busyCompanies);
  const kinds = [
    'changePerson',
    'changePerson',
    'changePerson',
    'clickPerson',
    'clickPerson',
    'deletePerson',
    'restorePerson',
    'movePerson',
    'changeCompany',
    'clickCompany',
    'createPerson',
    'createCompanyWithPerson',
  ] as const;
  const kind = pick(random, kinds);
  switch (kind) {
    case 'movePerson':
      return { kind, person, company };
    case 'changeCompany':
    case 'clickCompany':
      return { kind, company };
    case 'createPerson':
    case 'createCompanyWithPerson':
      return { kind };
    default:
      return { kind, person };
  }
};

const planKill = (random: Random, from: number, to: number): Kill => ({
  atWrite: from + random.below(to - from),
  when: pick(random, ['arrives', 'done', 'answered']),
  afterMs: random.below(2) === 0 ? 0 : random.below(12),
  restartAfterMs: random.below(2) === 0 ? 0 : random.below(400),
});

const planDataverseFault = (random: Random, seed: number): DataverseFault => {
  const kind = pick(random, ['throttle', 'unavailable', 'badGateway', 'reset', 'answerLost', 'cutBody', 'deadlock', 'slow']);
  const wait = kind === 'throttle' || kind === 'unavailable' ? { retryAfterSeconds: 0 } : {};
  return { kind, probability: 0.02 + random.below(6) / 100, seed, ...wait, ...(kind === 'slow' ? { slowMs: 30 } : {}) };
};

/** Everything that chance decides about a seed. The same seed gives the same plan; how its processes interleave is the machine's. */
export const planOf = (seed: number): ChaosPlan => {
  const random = createRandom(seed * 7_919 + 1);
  const runs = times(1 + random.below(2), () => ({ atWrite: 2 + random.below(lastWrite), event: { kind: 'startRun' } as const }));
  const events = times(14 + random.below(8), () => ({ atWrite: 1 + random.below(lastWrite), event: planEvent(random) }));
  const kills = [planKill(random, 1, lastWrite), ...(random.below(6) === 0 ? [planKill(random, lastWrite, lastWrite + 6)] : [])];
  return {
    seed,
    formation: formationOf(seed),
    events: [...events, ...runs].toSorted((left, right) => left.atWrite - right.atWrite),
    kills,
    crmTroubles: times(random.below(4), () => ({
      kind: pick(random, ['unavailable', 'throttle', 'cutBody', 'slow']),
      count: 1 + random.below(2),
      after: random.below(20),
    })),
    dataverseFaults: times(random.below(3), () => planDataverseFault(random, seed)),
  };
};
