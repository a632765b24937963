/** What the shapes of the API are put together from. */
import Type from 'typebox';

export const textEnum = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });
export const instant = (description: string) => Type.String({ format: 'date-time', description });
export const count = (description: string) => Type.Integer({ minimum: 0, description });

export const TableNameSchema = textEnum(['account', 'contact'], 'Dataverse table');
