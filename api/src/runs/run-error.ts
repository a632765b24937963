import type { TableName } from '../crm/types.ts';
import type { AppError } from '../errors/app-error.ts';
import type { RunError, RunNote } from '../store/runs/types.ts';

/** An error as a run keeps it: its texts are safe to store. */
export const describeRunError = ({ code, message, help }: AppError): RunError => ({ code, title: message, help });

export const describeNote = (table: TableName, error: AppError): RunNote => ({ table, ...describeRunError(error) });
