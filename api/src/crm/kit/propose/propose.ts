import type { MappingBody } from '../../manifest/schema/table.ts';
import type { JsonObject, TableName } from '../../types.ts';
import type { Answer } from './answer.ts';
import { flatFields, type FlatField } from './flat-fields.ts';
import { type ModifiedProposal, proposeId, proposeModified } from './propose-identity.ts';
import { proposeDeleted } from './propose-links.ts';
import { proposeMap } from './propose-map.ts';
import { proposePage, type PageProposal } from './propose-page.ts';
import { proposeEmptyList, proposeRecords, type RecordsProposal } from './propose-records.ts';

export interface TableProposal {
  readonly records: RecordsProposal['records'];
  readonly paging: PageProposal;
  readonly id: string | null;
  readonly modified: ModifiedProposal | null;
  readonly deleted: string | null;
  readonly map: readonly MappingBody[];
  readonly found: readonly JsonObject[];
  readonly fields: readonly FlatField[];
  /** What was guessed, and what could not be seen. Names of fields only. */
  readonly notes: readonly string[];
}

/** What a manifest could say of a table, from one answer to a request for its list. Pure; it is for a person to confirm. */
export const proposeTable = (table: TableName, answer: Answer): TableProposal => {
  const records = proposeRecords(answer.body);
  const found = records?.found ?? [];
  const fields = flatFields(found);
  const id = proposeId(fields, found.length);
  const modified = proposeModified(fields, found.length);
  const paging = proposePage(answer, found.length);
  const map = proposeMap(table, fields);
  return {
    records: records?.records ?? proposeEmptyList(answer.body) ?? '$',
    paging,
    id,
    modified,
    deleted: proposeDeleted(fields),
    map,
    found,
    fields,
    notes: [
      ...(records === null ? ['no list of records was found in the answer'] : []),
      ...(records !== null && id === null ? ['no field tells all of the records apart: say where their id is'] : []),
      ...(records !== null && modified === null ? ['no field says when a record was changed: every run reads everything'] : []),
      ...(records !== null && map.length === 0 ? ['no field has a name that is known: say what goes where'] : []),
      ...paging.notes,
      ...(modified?.notes ?? []),
    ],
  };
};
