import type { OtherRecordBody, RecordStatusBody } from '../contract/records.ts';
import type { SourceConnector, TableName } from '../crm/types.ts';
import type { DataverseRow } from '../dataverse/types.ts';
import { helpFor } from '../errors/help-for.ts';
import type { OpenFailure } from '../store/failures/types.ts';
import type { Link } from '../store/records/types.ts';
import type { Watermark } from '../store/runs/types.ts';
import {
  lastSyncedOnColumn,
  sourceCrmColumn,
  sourceKeyColumn,
  sourceModifiedOnColumn,
  sourceRecordIdColumn,
  sourceUrlColumn,
  syncStatus,
  syncStatusColumn,
} from './columns.ts';
import type { SourceKeyParts } from './source-key.ts';

export const statusColumns: readonly string[] = [
  sourceKeyColumn,
  sourceCrmColumn,
  sourceRecordIdColumn,
  sourceUrlColumn,
  sourceModifiedOnColumn,
  lastSyncedOnColumn,
  syncStatusColumn,
];

export interface RecordStatusParts {
  readonly table: TableName;
  readonly rowId: string;
  readonly row: DataverseRow;
  /** null: the row is not linked to any record. */
  readonly key: SourceKeyParts | null;
  readonly link: Link | null;
  readonly failure: OpenFailure | null;
  readonly watermark: Watermark | null;
  readonly otherRecords: readonly OtherRecordBody[];
  /** Of a row that is not linked: something can be searched for its record. */
  readonly mayLink: boolean;
  /** Of the source that the key names; null when that is configured no more. */
  readonly connector: Pick<SourceConnector, 'connectorId' | 'isLinkAllowed'> | null;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const instantOf = (value: unknown): string | undefined => {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};

const stateOf = ({ row, failure }: RecordStatusParts): RecordStatusBody['state'] => {
  if (failure !== null) return 'failed';
  switch (row[syncStatusColumn]) {
    case syncStatus.removed:
      return 'removed';
    case syncStatus.waitingForParent:
      return 'waitingForParent';
    default:
      return 'inSync';
  }
};

/** A finished run has looked at every record; a click at one. The later of the two is when we last looked. */
const checkedOn = ({ link, watermark }: RecordStatusParts): string | undefined => {
  const latestMs = Math.max(link?.checkedOnMs ?? 0, watermark?.completedOnMs ?? 0);
  return link === null || latestMs === 0 ? undefined : new Date(latestMs).toISOString();
};

/** What the faces show of a row: from the row itself where it says so, from the store what only we know. */
export const toRecordStatus = (parts: RecordStatusParts): RecordStatusBody => {
  const { table, rowId, row, key, failure, connector, mayLink } = parts;
  const others = parts.otherRecords.length === 0 ? {} : { otherRecords: [...parts.otherRecords] };
  if (key === null) return { table, rowId, state: 'notLinked', mayLink, ...others };
  const url = textOf(row[sourceUrlColumn]);
  return {
    table,
    rowId,
    sourceKey: textOf(row[sourceKeyColumn]),
    state: stateOf(parts),
    source: { id: key.sourceId, name: textOf(row[sourceCrmColumn]) ?? key.sourceId },
    recordId: textOf(row[sourceRecordIdColumn]) ?? key.recordId,
    mark: connector?.connectorId,
    // Anybody who may change the row can write an address into it.
    url: url !== undefined && connector?.isLinkAllowed(url) === true ? url : undefined,
    ...others,
    checkedOn: checkedOn(parts),
    syncedOn: instantOf(row[lastSyncedOnColumn]),
    sourceModifiedOn: instantOf(row[sourceModifiedOnColumn]),
    failure:
      failure === null
        ? undefined
        : { code: failure.code, reason: failure.reason, help: helpFor(failure.code), since: new Date(failure.firstSeenOnMs).toISOString() },
  };
};
