import { ApiProblem } from '@crm-sync/client';
import type { CardProblem } from '@crm-sync/ui';
import { SignInFailed } from './TokenProvider';

type KnownKind = Exclude<CardProblem['kind'], 'other'>;

/** Failures that an agent meets in daily work have words in the agent's language; the rest is told in the API's own. */
const kindOfCode: Readonly<Record<string, KnownKind>> = {
  'client.unreachable': 'unreachable',
  'client.no_answer': 'noAnswer',
  'identity.unauthorised': 'signedOut',
  'identity.forbidden': 'forbidden',
  'record.not_found': 'notFound',
};

/** What to tell the agent about a request that failed. */
export const problemOf = (error: unknown): CardProblem => {
  if (error instanceof SignInFailed) return { kind: 'signedOut' };
  if (!(error instanceof ApiProblem)) return { kind: 'unexpected' };
  const reference = error.reference === '' ? {} : { reference: error.reference };
  const kind = Object.prototype.hasOwnProperty.call(kindOfCode, error.code) ? kindOfCode[error.code] : undefined;
  return kind ? { kind, ...reference } : { kind: 'other', title: error.title, help: error.help, ...reference };
};
