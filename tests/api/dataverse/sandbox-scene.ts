import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { Dataverse, RowOutcome, RowToWrite } from '../../../api/src/dataverse/types.ts';
import { applicationUser, startSandbox, tenantId, type Sandbox } from '../../support/sandbox.ts';

export const never = new AbortController().signal;
export const bulk = { lane: 'bulk', signal: never } as const;
const clock = { nowMs: Date.now };

export const account = (sourceKey: string, name: string): RowToWrite => ({ sourceKey, columnsJson: `"name":${JSON.stringify(name)}` });
export const contact = (sourceKey: string, columns: Readonly<Record<string, unknown>>): RowToWrite => ({
  sourceKey,
  columnsJson: JSON.stringify(columns).slice(1, -1),
});
export const failedOf = (outcomes: readonly RowOutcome[]) =>
  outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [{ index, ...outcome }] : []));

interface Statistics {
  readonly requests: number;
  readonly writesByTable: Readonly<Record<string, number>>;
}

type OpenOptions = Partial<Parameters<typeof openDataverse>[0]> & { readonly clientSecret?: string };

/** A sandbox of its own, whose Dataverse is as new after every `reset`. */
export interface SandboxScene {
  readonly sandbox: Sandbox;
  /** Ours, signed in to it; closed by the next `reset`. */
  open(options?: OpenOptions): Dataverse;
  /** What the sandbox is told beside Dataverse's own Web API. */
  control(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void>;
  statistics(): Promise<Statistics>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export const startSandboxScene = async (): Promise<SandboxScene> => {
  const sandbox = await startSandbox();
  const opened: Dataverse[] = [];

  const control = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${sandbox.dataverseUrl}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  const statistics = async (): Promise<Statistics> =>
    (await (await fetch(`${sandbox.dataverseUrl}/sandbox/statistics`)).json()) as Statistics;

  const open = (options: OpenOptions = {}): Dataverse => {
    const credential = createTokenSource(
      {
        authority: sandbox.issuerUrl,
        tenantId,
        resource: sandbox.dataverseUrl,
        clientId: applicationUser.clientId,
        clientSecret: options.clientSecret ?? applicationUser.clientSecret,
      },
      { clock },
    );
    const dataverse = openDataverse({
      url: sandbox.dataverseUrl,
      users: [{ clientId: applicationUser.clientId, credential }],
      clock,
      ...options,
    });
    opened.push(dataverse);
    return dataverse;
  };

  return {
    sandbox,
    open,
    control,
    statistics,
    async reset() {
      await Promise.all(opened.splice(0).map((dataverse) => dataverse.close()));
      await control('POST', 'environment', { isSolutionInstalled: true, keyIndexStatus: 'Active', offersBulkMessages: true });
      await control('DELETE', 'faults');
      await control('DELETE', 'rows');
      await control('DELETE', 'statistics');
    },
    stop: () => sandbox.stop(),
  };
};
