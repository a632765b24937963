import type { CreateAxios } from '../../crm/http/crm-http.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import type { Person } from './ask-terminal.ts';

/** What a connector command has at hand. */
export interface ConnectorContext {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** null: nobody is there, as in a script. */
  readonly person: Person | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the configuration; it need not be there. */
  readonly configFile: string;
  readonly clock: { nowMs(): number };
  readonly columns: number;
  readonly createAxios?: CreateAxios;
}

export type Perform = (work: (context: ConnectorContext) => Promise<ExitCode>) => Promise<void>;
