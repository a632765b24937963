import { errorRegistry } from './registry.ts';

const knownCodes: Readonly<Record<string, { readonly help: string }>> = errorRegistry;

/** What to do about a failed record. Its code is one of ours or Dataverse's own; for the latter the general advice serves. */
export const helpFor = (code: string): string => (knownCodes[code] ?? errorRegistry['record.write_failed']).help;
