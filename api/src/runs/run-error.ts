import type { AppError } from '../errors/app-error.ts';
import type { RunError } from '../store/types.ts';

/** An error as a run keeps it: its texts are safe to store. */
export const describeRunError = ({ code, message, help }: AppError): RunError => ({ code, title: message, help });
