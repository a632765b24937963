import { parseArgs } from 'node:util';
import { tenantId } from '../../support/sandbox.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { TokenSource } from '../../../api/src/dataverse/sign-in/types.ts';
import type { DataverseUser } from '../../../api/src/dataverse/open-dataverse.ts';

/** What every contestant is told on its command line. */
const { values } = parseArgs({
  options: {
    'dataverse-url': { type: 'string', default: '' },
    'issuer-url': { type: 'string', default: '' },
    'crm-url': { type: 'string', default: '' },
    speed: { type: 'string', default: '1' },
    users: { type: 'string', default: '' },
    rows: { type: 'string', default: '100' },
    parallel: { type: 'string', default: '10' },
  },
});

export const loadOptions = {
  dataverseUrl: values['dataverse-url'],
  issuerUrl: values['issuer-url'],
  crmUrl: values['crm-url'],
  speed: Number(values.speed),
  /** Of `load-plainly`: rows in a request, and requests at a time. */
  rows: Number(values.rows),
  parallel: Number(values.parallel),
  /** `clientId=secret`, separated by commas. */
  users: values.users.split(',').map((user) => {
    const [clientId = '', clientSecret = ''] = user.split('=');
    return { clientId, clientSecret };
  }),
} as const;

/** Tokens last by the machine's clock, not by the sandbox's. */
export const tokensOf = ({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string }): TokenSource =>
  createTokenSource(
    { authority: loadOptions.issuerUrl, tenantId, clientId, clientSecret, resource: loadOptions.dataverseUrl },
    { clock: { nowMs: () => Date.now() } },
  );

export const dataverseUsers = (): readonly [DataverseUser, ...DataverseUser[]] => {
  const [first, ...others] = loadOptions.users.map((user) => ({ clientId: user.clientId, credential: tokensOf(user) }));
  if (first === undefined) throw new Error('--users names nobody');
  return [first, ...others];
};

/** Whoever started a contestant closes its input when it has seen enough. */
export const untilStopped = (): AbortSignal => {
  const stop = new AbortController();
  process.stdin.once('end', () => stop.abort()).resume();
  process.once('SIGTERM', () => stop.abort());
  return stop.signal;
};

export const sayReady = (): void => void process.stdout.write('{"ready":true}\n');
