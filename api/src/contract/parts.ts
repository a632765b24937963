/** What the shapes of the API are put together from. */
import Type from 'typebox';

export const textEnum = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });
export const instant = (description: string) => Type.String({ format: 'date-time', description });
/** Of a request: the validator checks the shape; what is no day of the calendar is refused by whoever reads it. */
export const givenInstant = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$',
    description: `${description}, e.g. 2026-11-26T10:00:00Z`,
  });
export const count = (description: string) => Type.Integer({ minimum: 0, description });

export const TableNameSchema = textEnum(['account', 'contact'], 'Dataverse table');
