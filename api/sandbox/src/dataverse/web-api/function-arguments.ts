/** The arguments of a function's address: `Name(First='a',Second=@p)?@p=…`. */
import { splitTopLevel } from '../query/query-options.ts';
import { badQuery } from './errors.ts';
import type { ApiRequest } from './messages.ts';
import { decode } from './resource-path.ts';

export interface FunctionCall {
  readonly name: string;
  /** What stands in the parentheses; empty without any. */
  readonly args: string;
  readonly request: ApiRequest;
}

const callPattern = /^(\w+)(?:\((.*)\))?$/s;

/** null: the address has not the form of a call. */
export function readCall(request: ApiRequest): FunctionCall | null {
  const match = callPattern.exec(decode(request.path).replace(/\/$/, ''));
  return match === null ? null : { name: match[1] ?? '', args: match[2] ?? '', request };
}

export function refuseArguments({ name, args }: FunctionCall): void {
  if (args.trim() !== '') throw badQuery(`The function '${name}' takes no parameters.`);
}

/** The only argument of a function, as it was written, whether in place or in an alias. Throws 400 when it is missing or another. */
export function onlyArgument({ name, args, request }: FunctionCall, parameter: string): string {
  const match = /^\s*(\w+)\s*=\s*(.*?)\s*$/s.exec(args);
  if (match?.[1] !== parameter) throw badQuery(`The function '${name}' needs the parameter '${parameter}'.`);
  const written = match[2] ?? '';
  return written.startsWith('@') ? aliasValue(request, written) : written;
}

/** The arguments by name, aliases replaced by what they stand for. Throws 400 for a name that the function does not know. */
export function namedArguments({ name, args, request }: FunctionCall, known: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const part of splitTopLevel(args, ',')) {
    const [, parameter = '', written = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    if (!known.includes(parameter)) throw badQuery(`The function '${name}' has no parameter '${parameter}'.`);
    given[parameter] = written.startsWith('@') ? aliasValue(request, written) : written;
  }
  return given;
}

/** `'new_ApiUrl'`, or an enumeration's member `Microsoft.Dynamics.CRM.EndpointAccessType'Default'`. */
export function textArgument(call: FunctionCall, parameter: string): string {
  const text = /^(?:Microsoft\.Dynamics\.CRM\.\w+)?'((?:[^']|'')*)'$/s.exec(onlyArgument(call, parameter))?.[1];
  if (text === undefined) throw badQuery(`The parameter '${parameter}' of the function '${call.name}' must be a text in single quotes.`);
  return text.replaceAll("''", "'");
}

function aliasValue({ query }: ApiRequest, name: string): string {
  const pairs = query.split('&').map((pair) => decode(pair.replaceAll('+', ' ')));
  const pair = pairs.find((candidate) => candidate.startsWith(`${name}=`));
  if (pair === undefined) throw badQuery(`The parameter alias '${name}' has no value.`);
  return pair.slice(name.length + 1);
}
