import { createApiClient } from '@crm-sync/client';
import { describeEquation, describeFailures } from '../../../src/cli/describe.ts';
import { progressLine } from '../../../src/cli/progress-line.ts';
import { tenantId } from '../issuer/identities.ts';

export interface FirstSyncOptions {
  readonly apiUrl: string;
  readonly issuerUrl: string;
  readonly stream: NodeJS.WriteStream;
}

export const signInAs = async (issuerUrl: string, user: string): Promise<string> => {
  const response = await fetch(`${issuerUrl}/${tenantId}/sandbox/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
};

/** Does as an admin would: starts a full run over HTTP and watches it. True when every record arrived. */
export const runFirstSync = async ({ apiUrl, issuerUrl, stream }: FirstSyncOptions): Promise<boolean> => {
  const client = createApiClient({ baseUrl: apiUrl, getToken: () => signInAs(issuerUrl, 'admin') });
  stream.write('First full sync …\n');
  const { id } = await client.startRun({ sourceId: 'northwind', mode: 'full' });
  await client.watchRun(id, {
    signal: new AbortController().signal,
    onRun: (run) => void (stream.isTTY && stream.write(`\r\u001b[K${progressLine(run, stream.columns)}`)),
  });
  if (stream.isTTY) stream.write('\r\u001b[K');

  const { run, failures } = await client.run(id);
  const seconds =
    run.startedOn === undefined || run.finishedOn === undefined ? 0 : (Date.parse(run.finishedOn) - Date.parse(run.startedOn)) / 1000;
  stream.write(`Run ${run.state} in ${seconds.toFixed(1)} s\n${describeEquation(run.counts)}\n`);
  for (const line of describeFailures(failures, run.counts.failed)) stream.write(`${line}\n`);
  if (run.error !== undefined) stream.write(`${run.error.title}\n${run.error.help}\n`);
  return run.state === 'succeeded';
};
