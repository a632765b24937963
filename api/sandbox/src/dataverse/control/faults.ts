/** Failures on demand: for the next so many requests, or for each with a probability. Off until asked for. */
import Type, { type Static } from 'typebox';
import { createRandom, type Random } from '../../random.ts';

const kinds = [
  'throttle',
  'unavailable',
  'badGateway',
  'gatewayTimeout',
  'unauthorised',
  'sqlTimeout',
  'deadlock',
  'slow',
  'reset',
  'cutBody',
  'answerLost',
  'hang',
] as const;

const literals = <Literals extends readonly string[]>(values: Literals) =>
  Type.Unsafe<Literals[number]>(Type.String({ enum: [...values] }));

export const faultOrderSchema = Type.Object(
  {
    kind: literals(kinds),
    /** How many requests it strikes; without an end when it is left out, which takes a probability. */
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    /** Of each request that fits; 1 when left out. */
    probability: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    /** Of the probability: the same seed strikes the same requests, counted in the order that they come. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    /** Only requests whose path below the service begins with this, e.g. `contacts`. */
    path: Type.Optional(Type.String({ minLength: 1 })),
    method: Type.Optional(literals(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const)),
    /** All but GET; the two SQL errors never strike a GET. */
    writesOnly: Type.Optional(Type.Boolean()),
    /** Only requests with more rows than this: targets of a bulk message, parts of a batch. */
    aboveRows: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Of `throttle`: which of the three limits it names; `requests` when left out. */
    facet: Type.Optional(literals(['requests', 'executionTime', 'concurrentRequests'] as const)),
    /** Of `throttle` (1 when left out) and `unavailable`. */
    retryAfterSeconds: Type.Optional(Type.Number({ minimum: 0 })),
    /** How Retry-After is written: Dataverse writes seconds, a proxy before it may write a date. */
    retryAfterAs: Type.Optional(literals(['seconds', 'date'] as const)),
    /** Of `slow`: simulated milliseconds on top; 1,000 when left out. */
    slowMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false, anyOf: [{ required: ['count'] }, { required: ['probability'] }] },
);

export type FaultOrder = Static<typeof faultOrderSchema>;
export type FaultKind = FaultOrder['kind'];

export interface StruckRequest {
  readonly method: string;
  /** Below the service root. */
  readonly path: string;
  /** Asked only when an order depends on it. */
  readonly countRows: () => number;
}

export interface Faults {
  order(fault: FaultOrder): void;
  /** The order that this request meets; null when it goes through. The first that fits, in the order that they were given. */
  next(request: StruckRequest): FaultOrder | null;
  pending(): readonly FaultOrder[];
  clear(): void;
}

interface Pending {
  readonly order: FaultOrder;
  readonly random: Random;
}

export function createFaults(): Faults {
  let waiting: readonly Pending[] = [];

  function countDown(struck: Pending): void {
    const { count } = struck.order;
    if (count === undefined) return;
    const left = count === 1 ? [] : [{ ...struck, order: { ...struck.order, count: count - 1 } }];
    waiting = waiting.flatMap((pending) => (pending === struck ? left : [pending]));
  }

  return {
    order(order) {
      waiting = [...waiting, { order, random: createRandom(order.seed ?? 1) }];
    },
    next(request) {
      const struck = waiting.find(({ order, random }) => fits(order, request) && random.chance(order.probability ?? 1));
      if (struck === undefined) return null;
      countDown(struck);
      return struck.order;
    },
    pending: () => waiting.map(({ order }) => order),
    clear() {
      waiting = [];
    },
  };
}

function fits(order: FaultOrder, { method, path, countRows }: StruckRequest): boolean {
  const isWritesOnly = order.writesOnly ?? (order.kind === 'sqlTimeout' || order.kind === 'deadlock');
  return (
    (method !== 'GET' || !isWritesOnly) &&
    method === (order.method ?? method) &&
    path.startsWith(order.path ?? '') &&
    (order.aboveRows === undefined || countRows() > order.aboveRows)
  );
}
