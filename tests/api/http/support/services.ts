import type { AdoptionBody, StartAdoptionBody } from '../../../../api/src/contract/adoption.ts';
import type { DataverseUseBody } from '../../../../api/src/contract/dataverse-use.ts';
import type { CandidatesBody, LinkRecordBody, RecordStatusBody, SyncResultBody } from '../../../../api/src/contract/records.ts';
import type { ApproveRemovalsBody } from '../../../../api/src/contract/removals.ts';
import type { RunBody } from '../../../../api/src/contract/runs.ts';
import type { Readiness, RecordAddress, Services } from '../../../../api/src/contract/services.ts';
import type { VerifyStatementBody } from '../../../../api/src/contract/statement.ts';
import type { TableName } from '../../../../api/src/crm/types.ts';
import type { WebhookAnswer } from '../../../../api/src/crm/webhook/types.ts';
import { AppError } from '../../../../api/src/errors/app-error.ts';
import { aDelivery, aWebhookHealth, failuresOf, hookPlace, linkedRow, notSetUp } from './bodies.ts';
import { RunFeed, aRun } from './run-feed.ts';

interface RecordCall {
  readonly address: RecordAddress;
  readonly asUser?: string;
  readonly isDryRun?: boolean;
  readonly words?: string;
  readonly linkTo?: LinkRecordBody;
}

/** The services as a small world in memory, which remembers what was asked of it. */
export class RememberingServices implements Services {
  readonly started: { readonly request: object; readonly requestedBy: string }[] = [];
  readonly cancelled: string[] = [];
  readonly lists: object[] = [];
  readonly recordCalls: RecordCall[] = [];
  readonly deliveries: { readonly sourceId: string; readonly headers: object; readonly rawBody: Buffer }[] = [];
  readonly decisions: object[] = [];
  readonly hookCalls: object[] = [];
  readonly checkSignals: AbortSignal[] = [];
  readonly adoptions: { readonly sourceId: string; readonly request: StartAdoptionBody }[] = [];
  setups = 0;
  readonly feed = new RunFeed();
  known = aRun();
  /** Of the known run, when it has one. */
  statement: VerifyStatementBody | null = null;
  ready: Readiness = { isReady: true, checks: [{ name: 'store', isReady: true }] };
  /** What the next call throws. */
  failure: Error | null = null;
  /** What the next list of sources throws, though it is no error. */
  oddity: { readonly thrown: unknown } | null = null;
  /** When set, a check waits for it. */
  checkGate: Promise<void> | null = null;

  #fail(): void {
    if (this.failure !== null) throw this.failure;
  }

  #run(runId: string): RunBody {
    this.#fail();
    if (runId !== this.known.id) throw new AppError('run.unknown', { run: runId });
    return this.known;
  }

  readonly runs = {
    start: async (request: object, requestedBy: string) => {
      this.#fail();
      this.started.push({ request, requestedBy });
      return this.known;
    },
    list: async (options: object) => {
      this.lists.push(options);
      return [this.known];
    },
    get: async (runId: string) => ({
      run: this.#run(runId),
      failures: [
        { table: 'contact' as const, recordId: '7', code: 'mapping.value_too_long', failureClass: 'data', reason: 'The value is too long' },
      ],
    }),
    cancel: async (runId: string) => {
      const run = this.#run(runId);
      this.cancelled.push(runId);
      return { ...run, state: 'cancelled' as const };
    },
    pause: async (runId: string) => ({ ...this.#run(runId), state: 'paused' as const }),
    resume: async (runId: string) => ({ ...this.#run(runId), state: 'queued' as const }),
    statement: async (runId: string) => {
      this.#run(runId);
      if (this.statement === null) throw new AppError('run.no_statement', { run: runId });
      return this.statement;
    },
    watch: (runId: string, signal: AbortSignal) => this.#watch(runId, signal),
  };

  async *#watch(runId: string, signal: AbortSignal): AsyncGenerator<RunBody> {
    this.#run(runId);
    yield* this.feed.watch(signal);
  }

  readonly hookSetup = {
    guide: async (sourceId: string) => {
      this.#fail();
      return { ...hookPlace(sourceId), isByApi: true, steps: ['Do this.'], files: [{ path: 'a/b.txt', text: 'text' }] };
    },
    list: async (sourceId: string) => {
      this.#fail();
      return { ...hookPlace(sourceId), parts: [{ what: 'hook', state: 'missing' as const }] };
    },
    install: async (sourceId: string, request: object) => this.#changeHook(sourceId, { install: request }, 'made'),
    remove: async (sourceId: string, request: object) => this.#changeHook(sourceId, { remove: request }, 'removed'),
    test: async (sourceId: string, request: object) => {
      this.#fail();
      this.hookCalls.push({ test: request });
      return { ...hookPlace(sourceId), table: 'account' as const, recordId: '1', hasArrived: true, steps: [] };
    },
  };

  async #changeHook(sourceId: string, call: object, outcome: 'made' | 'removed') {
    this.#fail();
    this.hookCalls.push(call);
    return { ...hookPlace(sourceId), changes: [{ what: 'hook', item: 'one', outcome }] };
  }

  readonly records = {
    status: async (address: RecordAddress, options: { readonly asUser?: string }): Promise<RecordStatusBody> => {
      this.#fail();
      this.recordCalls.push({ address, asUser: options.asUser });
      return linkedRow;
    },
    sync: async (address: RecordAddress, options: { readonly asUser?: string; readonly isDryRun: boolean }): Promise<SyncResultBody> => {
      this.#fail();
      this.recordCalls.push({ address, asUser: options.asUser, isDryRun: options.isDryRun });
      return {
        outcome: 'changed',
        isDryRun: options.isDryRun,
        changes: [{ column: 'telephone1', label: 'Business Phone', before: '1', after: '2' }],
        record: linkedRow,
      };
    },
    check: async (address: RecordAddress, options: { readonly asUser?: string }): Promise<RecordStatusBody> => {
      this.#fail();
      this.recordCalls.push({ address, asUser: options.asUser });
      return { ...linkedRow, state: 'outOfDate' };
    },
    candidates: async (address: RecordAddress, options: { readonly asUser?: string; readonly words?: string }): Promise<CandidatesBody> => {
      this.#fail();
      this.recordCalls.push({ address, asUser: options.asUser, ...(options.words === undefined ? {} : { words: options.words }) });
      return { candidates: [{ sourceId: 'northwind', sourceName: 'Northwind', recordId: '7', name: 'Ada' }], unsearched: [] };
    },
    link: async (address: RecordAddress, options: LinkRecordBody & { readonly asUser?: string }): Promise<SyncResultBody> => {
      this.#fail();
      this.recordCalls.push({ address, asUser: options.asUser, linkTo: { sourceId: options.sourceId, recordId: options.recordId } });
      return { outcome: 'changed', isDryRun: false, changes: [], record: linkedRow };
    },
  };

  readonly failures = {
    list: async (sourceId: string, query: object) => {
      this.#fail();
      this.lists.push({ sourceId, ...query });
      return failuresOf(sourceId);
    },
    decide: async (sourceId: string, request: object) => {
      this.#fail();
      this.decisions.push({ sourceId, ...request });
      return { decided: 14 };
    },
  };

  readonly removals = {
    list: async (sourceId: string, page: object) => {
      this.#fail();
      this.lists.push({ sourceId, ...page });
      const waiting = {
        table: 'contact' as const,
        waiting: 110,
        linked: 1000,
        action: 'deactivate' as const,
        mark: 'm1',
        recordIds: ['7'],
      };
      return { sourceId, tables: [waiting] };
    },
    approve: async (sourceId: string, request: ApproveRemovalsBody) => {
      this.#fail();
      this.decisions.push({ sourceId, ...request });
      return { table: request.table, decided: 110 };
    },
    dismiss: async (sourceId: string, table: TableName) => {
      this.#fail();
      this.decisions.push({ sourceId, dismissed: table });
      return { table, decided: 110 };
    },
  };

  readonly sources = {
    list: async () => {
      this.#fail();
      // An abort's reason can be anything, and is thrown as it is.
      if (this.oddity) AbortSignal.abort(this.oddity.thrown).throwIfAborted();
      return [
        {
          id: 'northwind',
          name: 'Northwind Traders CRM',
          connector: 'northwind',
          tables: ['account' as const, 'contact' as const],
          schedules: [{ mode: 'incremental' as const, rule: 'every 15m', nextOn: '2026-11-01T10:15:00.000Z' }],
          lastRun: this.known,
        },
      ];
    },
    check: async (sourceId: string, signal: AbortSignal) => {
      this.#fail();
      this.checkSignals.push(signal);
      if (this.checkGate) await this.checkGate;
      return { sourceId, isReachable: true, tookMilliseconds: 12 };
    },
  };

  readonly setup = {
    inspect: async () => {
      this.#fail();
      return notSetUp;
    },
    apply: async () => {
      this.#fail();
      this.setups += 1;
      return { ...notSetUp, findings: [] };
    },
  };

  readonly adoption = {
    adopt: async (sourceId: string, request: StartAdoptionBody): Promise<AdoptionBody> => {
      this.#fail();
      this.adoptions.push({ sourceId, request });
      return { sourceId, isDryRun: request.isDryRun ?? false, duplicates: request.duplicates ?? 'report', tables: [] };
    },
  };

  readonly signIns = {
    begin: async (sourceId: string) => ({
      address: 'https://crm.example/authorize',
      state: `${sourceId}.s`,
      redirectUri: 'https://api.example/api/sign-in/return',
    }),
    finish: async (given: { readonly state: string; readonly code: string }) => {
      this.#fail();
      this.finishedSignIns.push(given);
      return { sourceId: 'northwind' };
    },
  };

  webhookAnswer: WebhookAnswer = { status: 202, type: null, body: '' };
  webhooks: Services['webhooks'] = {
    receive: async (sourceId, request) => {
      this.#fail();
      this.deliveries.push({ sourceId, ...request });
      return this.webhookAnswer;
    },
    noteRefusal: (sourceId, reason) => void this.refusals.push({ sourceId, reason }),
  };

  readonly refusals: object[] = [];
  readonly webhookDeliveries: Services['webhookDeliveries'] = {
    list: async (sourceId, query) => {
      this.#fail();
      this.lists.push({ sourceId, ...query });
      return { sourceId, webhooks: aWebhookHealth, deliveries: [aDelivery], nextBefore: 41 };
    },
    get: async (sourceId, id) => {
      if (id !== aDelivery.id) throw new AppError('delivery.unknown', { source: sourceId, delivery: id });
      return { delivery: aDelivery, events: [{ table: 'contact', action: 'upsert', recordIds: ['7'] }] };
    },
    replay: async (sourceId, request) => {
      this.#fail();
      this.decisions.push({ sourceId, ...request });
      return { replayed: 3, withoutPayload: 1 };
    },
  };

  readonly knocks: string[] = [];
  readonly syncRequests = {
    requireKey: (key: unknown): void => {
      if (key !== 'the key of the webhook') throw new AppError('webhook.unauthorised');
    },
    receive: (requestId: string): void => {
      this.knocks.push(requestId);
    },
  };

  async dataverseUse(): Promise<DataverseUseBody> {
    this.#fail();
    return {
      users: [{ clientId: 'first', lanes: 8, pausedSeconds: 0 }],
      waitingSeconds: 0,
      requests: { day: '2026-11-26', used: 12_300, limit: 500_000, resetsOn: '2026-11-27T00:00:00.000Z' },
    };
  }

  readonly finishedSignIns: { readonly state: string; readonly code: string }[] = [];

  async readiness(): Promise<Readiness> {
    return this.ready;
  }
}
