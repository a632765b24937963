/** `919042!08/22/2017 08:10:44`: a version of the environment, and when it was given out. */
import { badQuery } from '../web-api/errors.ts';

export interface DeltaToken {
  readonly version: number;
  readonly issuedAtMs: number;
}

const tokenPattern = /^(\d{1,15})!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/;

export function formatDeltaToken({ version, issuedAtMs }: DeltaToken): string {
  const [date = '', time = ''] = new Date(issuedAtMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${version}!${month}/${day}/${year} ${time.slice(0, 8)}`;
}

/** Throws 400 for what no delta link holds. */
export function parseDeltaToken(text: string): DeltaToken {
  const [, version = '', month, day, year, time] = tokenPattern.exec(text) ?? [];
  const issuedAtMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (Number.isNaN(issuedAtMs)) throw badQuery(`The value '${text}' of $deltatoken is not valid.`);
  return { version: Number(version), issuedAtMs };
}
