import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { TableNameSchema } from '../contract/parts.ts';
import { FindCandidatesSchema, LinkRecordSchema, SyncRecordSchema } from '../contract/records.ts';
import type { RecordAddress } from '../contract/services.ts';
import { requestColumns } from '../dataverse/request-table.ts';
import type { DataverseRow } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';

const rowId = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });
const sourceKey = Type.String({ minLength: 1, maxLength: 250 });
const table = TableNameSchema;
const nothing = Type.Object({}, { additionalProperties: false });
const address = Type.Union([Type.Object({ table, rowId }), Type.Object({ table, sourceKey })]);
const row = Type.Object({ table, rowId });

/** The same questions, with the same shapes, as the routes of `/api/records` take. */
const QuestionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('status'), address, payload: nothing }),
  Type.Object({ kind: Type.Literal('check'), address, payload: nothing }),
  Type.Object({ kind: Type.Literal('sync'), address, payload: SyncRecordSchema }),
  Type.Object({ kind: Type.Literal('candidates'), address: row, payload: FindCandidatesSchema }),
  Type.Object({ kind: Type.Literal('link'), address: row, payload: LinkRecordSchema }),
]);

export type Question = Static<typeof QuestionSchema> & { readonly address: RecordAddress };

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const readPayload = (value: unknown): unknown => {
  try {
    return JSON.parse(textOf(value) ?? '{}');
  } catch {
    return null;
  }
};

/** What a row of the table asks. Who asks is never read from here. Throws `request.invalid`. */
export const readQuestion = (request: DataverseRow): Question => {
  const {
    [requestColumns.rowId]: id,
    [requestColumns.sourceKey]: key,
    [requestColumns.table]: tableName,
    [requestColumns.kind]: kind,
  } = request;
  const [asRowId, asKey] = [textOf(id), textOf(key)];
  const question = {
    kind,
    // By our key where there is one, as the control itself prefers it.
    address: { table: tableName, ...(asKey === undefined ? { rowId: asRowId } : { sourceKey: asKey }) },
    payload: readPayload(request[requestColumns.payload]),
  };
  if (Value.Check(QuestionSchema, question)) return question;
  throw new AppError('request.invalid', { problem: 'the request row does not hold one of the questions that the control asks' });
};
