import { loadOptions, sayReady, tokensOf, untilStopped } from './load-options.ts';
import { scaledTime } from './scaled-time.ts';

/**
 * What people do by hand and what ready-made tools do: requests of one size, so many at a time, each waiting by itself when it is told
 * to. With `--rows 1 --parallel 1` it is a PATCH a row, one after the other.
 */
const { rows: rowsPerRequest, parallel } = loadOptions;
const { sleep } = scaledTime(loadOptions.speed);
const stopped = untilStopped();
const never = new AbortController().signal;
const [user] = loadOptions.users;
if (user === undefined) throw new Error('--users names nobody');
const tokens = tokensOf(user);
const api = `${loadOptions.dataverseUrl}/api/data/v9.2/`;
const distinctRows = 50_000;
let made = 0;

const nextRow = () => {
  made += 1;
  return { key: `plain~${made % distinctRows}`, columns: { name: `Account ${made}`, telephone1: '+1 555 0100', address1_city: 'Oslo' } };
};

const nextRequest = (): { readonly method: string; readonly path: string; readonly body: object } => {
  if (rowsPerRequest === 1) {
    const { key, columns } = nextRow();
    return { method: 'PATCH', path: `accounts(ccsync_sourcekey='${key}')`, body: columns };
  }
  const targets = Array.from({ length: rowsPerRequest }, () => {
    const { key, columns } = nextRow();
    return { '@odata.type': 'Microsoft.Dynamics.CRM.account', '@odata.id': `accounts(ccsync_sourcekey='${key}')`, ...columns };
  });
  return { method: 'POST', path: 'accounts/Microsoft.Dynamics.CRM.UpsertMultiple', body: { Targets: targets } };
};

const send = async (): Promise<void> => {
  const { method, path, body } = nextRequest();
  for (;;) {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.getToken(never)}` },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    if (response.ok || stopped.aborted) return;
    if (response.status !== 429) throw new Error(`${path} was answered ${response.status}`);
    await sleep(Number(response.headers.get('retry-after') ?? 1) * 1_000, never);
  }
};

const lane = async (): Promise<void> => {
  while (!stopped.aborted) await send();
};

sayReady();
await Promise.all(Array.from({ length: parallel }, lane));
process.exit(0);
