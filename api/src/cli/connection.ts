import type { RunBody } from '../contract/runs.ts';
import type { Services } from '../contract/services.ts';

/** What a command can ask for, wherever the work is done. */
export interface CommandServices {
  readonly runs: Pick<Services['runs'], 'start' | 'get' | 'list' | 'cancel' | 'pause' | 'resume' | 'statement'> & {
    /** Calls `onRun` now and whenever the run has moved; resolves when it is final. */
    follow(runId: string, onRun: (run: RunBody) => void): Promise<void>;
  };
  readonly records: Pick<Services['records'], 'sync'>;
  readonly sources: Services['sources'];
  readonly removals: Services['removals'];
  readonly failures: Services['failures'];
  readonly webhookDeliveries: Services['webhookDeliveries'];
  readonly dataverseUse: Services['dataverseUse'];
  readonly setup: Services['setup'];
  readonly adoption: Services['adoption'];
  readonly hookSetup: Services['hookSetup'];
  readonly signIns: Pick<Services['signIns'], 'begin' | 'finish'>;
}

export interface Connection {
  readonly services: CommandServices;
  close(): Promise<void>;
}
