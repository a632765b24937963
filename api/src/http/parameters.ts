import Type from 'typebox';
import { TableNameSchema } from '../contract/parts.ts';

export const SourceIdSchema = Type.String({ minLength: 1, maxLength: 40, description: 'Id of the source, as configured' });
export const RunIdSchema = Type.String({ minLength: 1, maxLength: 64, description: 'Id of the run' });

export const RowAddressSchema = Type.Object({
  table: TableNameSchema,
  rowId: Type.String({
    pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
    description: 'Id of the Dataverse row (a GUID without braces)',
  }),
});

export const KeyAddressSchema = Type.Object({
  table: TableNameSchema,
  sourceKey: Type.String({ minLength: 1, maxLength: 250, description: 'Value of the row’s column ccsync_sourcekey' }),
});
