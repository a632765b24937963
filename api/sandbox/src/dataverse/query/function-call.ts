/** From a call of one of Dataverse's query functions to the filter that it stands for; refuses what the reference does not have. */
import { badQuery, notImplemented } from '../web-api/errors.ts';
import type { Filter } from './filter-syntax.ts';
import { functionsNotBuilt, queryFunctions } from './query-function-names.ts';

export const functionNamespace = 'Microsoft.Dynamics.CRM.';
export type FunctionArguments = ReadonlyMap<string, string | readonly string[]>;

/** `fullName` is as written, with its namespace. */
export function functionFilter(fullName: string, args: FunctionArguments): Filter {
  const name = fullName.slice(functionNamespace.length);
  if (functionsNotBuilt.includes(name)) throw notImplemented(`The "${fullName}" function`);
  const parameters = queryFunctions.get(name);
  if (parameters === undefined) throw badQuery(`An unknown function with name '${fullName}' was found.`);

  const expected = ['PropertyName', ...(parameters === 'none' ? [] : parameters.split(' and '))];
  for (const given of args.keys()) {
    if (!expected.includes(given)) throw badQuery(`The function '${fullName}' has no parameter '${given}'.`);
  }
  const one = (parameter: string): string => {
    const value = args.get(parameter);
    if (typeof value !== 'string') throw badQuery(`The function '${fullName}' needs the parameter '${parameter}'.`);
    return value;
  };
  const path = one('PropertyName');
  if (parameters === 'PropertyValues') return collectionFilter(fullName, path, args.get('PropertyValues'));
  return { kind: 'function', name, path, values: expected.slice(1).map(one) };
}

function collectionFilter(fullName: string, path: string, values: string | readonly string[] | undefined): Filter {
  if (values === undefined || typeof values === 'string')
    throw badQuery(`The function '${fullName}' needs the parameter 'PropertyValues'.`);
  const name = fullName.slice(functionNamespace.length);
  const isNegated = name.startsWith('Not');
  if (name === 'In' || name === 'NotIn') return { kind: 'in', path, values, isNegated };
  if (name !== 'Between' && name !== 'NotBetween') return { kind: 'function', name, path, values };
  const [low, high] = values;
  if (low === undefined || high === undefined || values.length !== 2) throw badQuery(`The function '${fullName}' needs two values.`);
  return { kind: 'between', path, low, high, isNegated };
}
