import { type DataverseOptions, type DataverseUser, openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { Dataverse, RowOutcome, RowToWrite, TableDescription } from '../../../api/src/dataverse/types.ts';
import { type Fault, type RowRefusal, type ScriptedDataverse, startScriptedDataverse } from './scripted-dataverse.ts';

export const never = new AbortController().signal;
export const bulk = { lane: 'bulk', signal: never } as const;
export const interactive = { lane: 'interactive', signal: never } as const;

const column = (logicalName: string, maxLength: number) =>
  [
    logicalName,
    { logicalName, type: 'String', maxLength, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true },
  ] as const;

export const contacts: TableDescription = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  primaryIdColumn: 'contactid',
  columns: new Map([column('lastname', 50), column('firstname', 50)]),
  supportsUpsertMultiple: true,
};

export const ways = [
  { way: 'UpsertMultiple', table: contacts },
  { way: '$batch of PATCH', table: { ...contacts, supportsUpsertMultiple: false } },
] as const;

export const rowsNamed = (count: number, from = 0): RowToWrite[] =>
  Array.from({ length: count }, (_, index) => ({ sourceKey: `crm~${from + index}`, columnsJson: `"lastname":"Name ${from + index}"` }));

export const tooLong: RowRefusal = {
  status: 400,
  code: '0x80044331',
  message:
    "A validation error occurred. The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
};
export const refuseKeys =
  (keys: readonly string[], refusal: RowRefusal) =>
  ({ key }: { readonly key: string }) =>
    keys.includes(key) ? refusal : undefined;

export const statusOf = (outcomes: readonly { readonly status: string }[]) => outcomes.map(({ status }) => status);
export const failedOf = (outcomes: readonly RowOutcome[]) =>
  outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [{ index, ...outcome }] : []));

/** Answers the first requests with these faults, one after the other. */
export const inTurn =
  (...faults: readonly (Fault | undefined)[]) =>
  (_: unknown, index: number): Fault | undefined =>
    faults[index];

export const answer = (status: number, code = '', headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  body: JSON.stringify({ error: { code, message: 'as the script says' } }),
});

/** A Dataverse that answers as a script says, and a clock that only waiting moves. */
export interface Scene {
  readonly server: ScriptedDataverse;
  readonly dataverse: Dataverse;
  /** Another one at the same server; it is closed with the scene. */
  readonly open: (options?: Partial<DataverseOptions>) => Dataverse;
  readonly nowMs: () => number;
  readonly slept: readonly number[];
  readonly tokens: { readonly given: number; readonly invalidated: number };
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export const startScene = async (): Promise<Scene> => {
  const server = await startScriptedDataverse();
  let nowMs = Date.parse('2026-11-22T08:00:00Z');
  const slept: number[] = [];
  const tokens = { given: 0, invalidated: 0 };
  const logged: string[] = [];
  const opened: Dataverse[] = [];
  const credential: DataverseUser['credential'] = {
    getToken: async () => `token-${tokens.invalidated}-${(tokens.given += 1) > 0}`,
    invalidate: () => {
      tokens.invalidated += 1;
    },
  };
  const open = (options: Partial<DataverseOptions> = {}): Dataverse => {
    const dataverse = openDataverse({
      url: server.url,
      users: [{ clientId: 'first', credential }],
      clock: { nowMs: () => nowMs },
      random: () => 0.5,
      // Waiting passes at once, but the clock shows it.
      sleep: async (waitMs, signal) => {
        signal.throwIfAborted();
        slept.push(waitMs);
        nowMs += waitMs;
      },
      log: { warn: (details, message) => logged.push(`${message} ${JSON.stringify(details)}`), debug: () => {} },
      ...options,
    });
    opened.push(dataverse);
    return dataverse;
  };

  return {
    server,
    dataverse: open(),
    open,
    nowMs: () => nowMs,
    slept,
    tokens,
    logged,
    async close() {
      await Promise.all(opened.map((dataverse) => dataverse.close()));
      await server.close();
    },
  };
};
