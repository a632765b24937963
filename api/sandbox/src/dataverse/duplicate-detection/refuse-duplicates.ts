import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { DataverseError } from '../web-api/errors.ts';
import type { ApiRequest, Session } from '../web-api/messages.ts';
import { duplicateRules, findDuplicates } from './rules.ts';

/**
 * For a row that was just written, inside of its transaction. `MSCRM.SuppressDuplicateDetection: false` asks for the check; without it none is
 * made (optional-parameters.md). Throws 412.
 */
export function refuseDuplicates({ environment }: Session, request: ApiRequest, table: Table, row: Row): void {
  if (request.headers['mscrm.suppressduplicatedetection']?.toLowerCase() !== 'false') return;
  if (!duplicateRules.some((rule) => rule.table === table.logicalName)) return;
  const others = findDuplicates(environment.database, table.logicalName, row.values).filter(({ id }) => id !== row.id);
  if (others.length === 0) return;
  throw new DataverseError(
    412,
    '0x80040333',
    'A record was not created or updated because a duplicate of the current record already exists.',
  );
}
