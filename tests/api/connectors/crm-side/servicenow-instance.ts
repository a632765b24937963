import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { golden } from './support.ts';

const partsFolder = 'api/connectors/servicenow/crm-side/parts';
export const scripts = readdirSync(partsFolder).map((name) => ({ name, text: readFileSync(`${partsFolder}/${name}`, 'utf8') }));
export const scriptNamed = (name: string): string => scripts.find((script) => script.name === name)?.text ?? '';

interface QueuedEvent {
  readonly name: string;
  readonly parm1: string;
  readonly parm2: string;
  readonly inSeconds: number;
}

/** The classes of a ServiceNow instance that the scripts use, with what they did to be looked at; no more of each than its documentation says. */
export const startInstance = (
  options: { readonly secret?: string; readonly nowMs?: number; readonly answers?: readonly (number | 'none')[] } = {},
) => {
  const { secret = golden.secret, nowMs = Date.UTC(2026, 10, 26), answers = [] } = options;
  const events: QueuedEvent[] = [];
  const messages: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[] = [];
  const log: string[] = [];
  let hasBrokenQueue = false;
  const queue = (name: string, parm1: string, parm2: string, inSeconds: number): void => {
    if (hasBrokenQueue) throw new Error('the event of Maria Anders cannot be written');
    events.push({ name, parm1, parm2, inSeconds });
  };
  class GlideDateTime {
    seconds = 0;
    getNumericValue = () => nowMs;
    addSeconds = (seconds: number): void => {
      this.seconds += seconds;
    };
  }
  class GlideRecord {
    readonly table: string;
    #given = false;
    constructor(table: string) {
      this.table = table;
    }
    get = () => this.table !== 'basic_auth_credentials';
    addQuery = (field: string, value: string): void => {
      if (field !== 'name' || value !== 'CRM Sync signing secret') throw new Error('another query than the guide says');
    };
    addActiveQuery = (): void => undefined;
    setLimit = (): void => undefined;
    query = (): void => undefined;
    next = (): boolean => secret !== '' && !this.#given && (this.#given = true);
    getUniqueValue = () => 'c'.repeat(32);
  }
  class GlideCertificateEncryption {
    generateMac = (key: string, algorithm: string, data: string): string => {
      if (algorithm !== 'HmacSHA256') throw new Error(`no algorithm ${algorithm}`);
      return createHmac('sha256', Buffer.from(key, 'base64')).update(data).digest('base64');
    };
  }
  class RESTMessageV2 {
    readonly #headers: Record<string, string> = {};
    #body = '';
    constructor(message: string, method: string) {
      if (message !== 'CRM Sync' || method !== 'Deliver') throw new Error('no such REST message');
    }
    setHttpTimeout = (ms: number): void => {
      if (ms > 30_000) throw new Error('longer than an instance allows');
    };
    setRequestHeader = (name: string, value: string): void => {
      this.#headers[name] = String(value);
    };
    setRequestBody = (body: string): void => {
      this.#body = body;
    };
    execute = () => {
      messages.push({ headers: this.#headers, body: this.#body });
      const answer = answers[messages.length - 1] ?? 202;
      if (answer === 'none') throw new Error('connect timed out');
      return { getStatusCode: () => answer };
    };
  }
  const context = createContext({
    Class: {
      create: () =>
        function create(this: { initialize: () => void }) {
          this.initialize();
        },
    },
    gs: {
      eventQueue: (name: string, _record: object, parm1: string, parm2: string) => queue(name, parm1, parm2, 0),
      eventQueueScheduled: (name: string, _record: object, parm1: string, parm2: string, when: GlideDateTime) =>
        queue(name, parm1, parm2, when.seconds),
      generateGUID: () => `${events.length}`.padStart(32, '0'),
      error: (text: string) => log.push(text),
    },
    GlideDateTime,
    GlideRecord,
    GlideCertificateEncryption,
    sn_ws: { RESTMessageV2 },
    sn_cc: {
      StandardCredentialsProvider: class {
        getCredentialByID = () => ({ getAttribute: () => secret });
      },
    },
  });
  runInContext(scriptNamed('crm-sync.js'), context);
  return {
    events,
    messages,
    log,
    breakQueue: (): void => {
      hasBrokenQueue = true;
    },
    /** What the platform does when a record is saved: it runs the rule in the transaction of whoever saves it. */
    change: (table: 'customer_account' | 'customer_contact', operation: string, sysId: string): void => {
      context.current = { operation: () => operation, getUniqueValue: () => sysId };
      context.previous = {};
      runInContext(scriptNamed(`rule-${table.replace('_', '-')}.js`), context);
    },
    /** What its event processor does with the oldest event. */
    processEvent: (): QueuedEvent => {
      const event = events.shift();
      if (event === undefined) throw new Error('no event waits');
      context.event = { parm1: event.parm1, parm2: event.parm2 };
      runInContext(scriptNamed('script-action.js'), context);
      return event;
    },
    signatureOf: (...values: readonly (string | number)[]): unknown => {
      context.values = values;
      return runInContext('CrmSync.prototype.signatureOf.apply(new CrmSync(), values)', context);
    },
  };
};
