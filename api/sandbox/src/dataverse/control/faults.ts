/** Failures on demand, for the next so many requests. Off until asked for. */
import { DataverseError } from '../web-api/errors.ts';

export type FaultKind = 'throttle' | 'unavailable' | 'sqlTimeout' | 'deadlock';
export const faultKinds: readonly FaultKind[] = ['throttle', 'unavailable', 'sqlTimeout', 'deadlock'];

export interface FaultOrder {
  readonly kind: FaultKind;
  readonly count: number;
  readonly retryAfterSeconds: number | null;
  /** Only requests whose path below the service begins with this, e.g. `contacts`; null for all. */
  readonly path: string | null;
}

export interface Faults {
  order(fault: FaultOrder): void;
  /** The failure that this request meets; null when it goes through. */
  next(request: { readonly isWrite: boolean; readonly path: string }): DataverseError | null;
  pending(): readonly FaultOrder[];
  clear(): void;
}

export function createFaults(): Faults {
  let orders: readonly FaultOrder[] = [];
  return {
    order(fault) {
      orders = [...orders, fault];
    },
    next({ isWrite, path }) {
      const fault = orders.find((order) => (isWrite || !hitsWritesOnly(order.kind)) && path.startsWith(order.path ?? ''));
      if (fault === undefined) return null;
      const left = { ...fault, count: fault.count - 1 };
      orders = orders.map((order) => (order === fault ? left : order)).filter((order) => order.count > 0);
      return failure(fault);
    },
    pending: () => orders,
    clear() {
      orders = [];
    },
  };
}

const hitsWritesOnly = (kind: FaultKind) => kind === 'sqlTimeout' || kind === 'deadlock';

/** Codes and messages: api-limits.md and bulk-operations.md. */
function failure({ kind, retryAfterSeconds }: FaultOrder): DataverseError {
  switch (kind) {
    case 'throttle':
      return new DataverseError(429, '0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', {
        'Retry-After': String(retryAfterSeconds ?? 1),
      });
    case 'unavailable':
      return new DataverseError(
        503,
        '',
        'The service is unavailable.',
        retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) },
      );
    case 'sqlTimeout':
      return new DataverseError(
        500,
        '0x80044151',
        'Sql error: Execution Timeout Expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
      );
    case 'deadlock':
      return new DataverseError(
        500,
        '0x80044150',
        'Sql error: Generic SQL error. CRM ErrorCode: -2147204784 Sql ErrorCode: -2146232060 Sql Number: 1205',
      );
  }
}
