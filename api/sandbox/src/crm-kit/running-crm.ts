export interface CrmOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Generated records, beside the sample data. */
  readonly accounts: number;
  readonly contacts: number;
  readonly seed: number;
  /** Where CRM Sync's panel is; the pages for people link to it. */
  readonly apiUrl: string;
}

export interface RunningCrm {
  /** Without a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}
