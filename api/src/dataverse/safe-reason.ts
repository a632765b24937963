import type { TableDescription } from './types.ts';

/**
 * Dataverse echoes what it refuses: a name that is too long, an e-mail address, a key. A reason is stored and shown, so what remains of
 * a message is only what can be told to be Dataverse's own words: all from the first to the last quote goes, except quoted column names,
 * types and limits; so do addresses, links, long numbers and what stands in brackets. What the refused row itself holds goes wherever it
 * stands, quoted or not.
 */
export interface ReasonContext {
  /** Quoted words that may stay: column and table names. */
  readonly knownNames: ReadonlySet<string>;
  /** The refused row's own values, when it is known which row it was. */
  readonly values?: readonly string[];
}

const removed = '…';
const longestReason = 300;
const quotes = `'"\`´‘’‚‛“”„‟«»‹›`;
const quotedToken = new RegExp(`(?<![\\p{L}\\p{N}])[${quotes}]([\\w.@]{1,100})[${quotes}](?![\\p{L}\\p{N}])`, 'gu');
const guid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const typeName = /^(Edm\.\w{1,30}|Microsoft\.Dynamics\.CRM\.\w{1,60}|prv[A-Z]\w{2,60})$/;
const limitBefore = /\b(length|maximum|minimum|max|min|limit|precision|range)\b[^'"]{0,30}$/i;

const isOwnWord = (token: string, before: string, names: ReadonlySet<string>): boolean =>
  names.has(token) || typeName.test(token) || (/^\d{1,7}$/.test(token) && limitBefore.test(before));

const contraction = /\b(can|could|did|do|does|has|have|is|are|was|were|will|would|should)n?['’]t\b/gi;
// Dataverse's own vocabulary: the value 'not an address' must not take these words out of the sentence that refuses it. As a whole it
// goes wherever it stands; any other word of it goes too, however short, as it may be a name.
const plainWords = new Set(
  'a account address already allowed an and any are at attribute be been being between blank but by can cannot characters city code column contact correct country data date does duplicate e-mail email empty entity enter error exceeded exist exists expected fax field first for form format found from full has have home id in incorrect invalid is it key keys last length link literal long longer mail matching maximum message minimum missing mobile more must name no not null number of on only or out over page permission phone please postal property provide range read record records request required row should short site specified state street string telephone text than that the this title to too type unique update url use used user valid value values was web website when with write wrong you your zip'.split(
    ' ',
  ),
);

// Private-use characters stand for what may stay while the rest is cut; a message that already holds them loses them first.
const placeholder = /\uE000(\d+)\uE001/g;

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whole values and their words; longest first, so that a word inside a longer value does not break that value's match. */
const withoutValues = (text: string, values: readonly string[]): string => {
  const whole = values.map((value) => value.replace(/\s+/g, ' ').trim());
  const words = whole.flatMap((value) => [...value.split(' '), ...value.split(/[^\p{L}\p{N}]+/u)]);
  const telling = [...whole, ...words].filter((word) => word.length >= 2 && !plainWords.has(word.toLowerCase()));
  if (telling.length === 0) return text;
  const anyOf = [...new Set(telling)].sort((a, b) => b.length - a.length).map(escapeForPattern);
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}\uE000])(?:${anyOf.join('|')})(?![\\p{L}\\p{N}\uE001])`, 'giu'), removed);
};

export const safeReason = (message: string, context: ReasonContext): string => {
  const kept: string[] = [];
  const keep = (text: string): string => `\uE000${kept.push(text) - 1}\uE001`;
  // Escaped to one line first: a quoted value may hold line breaks.
  let text = message
    .replace(/[\uE000\uE001]/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 4000);
  text = text.replace(guid, (id) => keep(id)).replace(contraction, (word) => keep(word));
  text = text.replace(quotedToken, (whole, token: string, at: number, all: string) =>
    isOwnWord(token, all.slice(0, at), context.knownNames) ? keep(whole) : whole,
  );
  const isQuote = (at: number): boolean => quotes.includes(text.charAt(at));
  let first = 0;
  while (first < text.length && !isQuote(first)) first += 1;
  let last = text.length - 1;
  while (last > first && !isQuote(last)) last -= 1;
  // One quote alone cannot be told from a cut-off value: the rest of the message goes.
  if (first < text.length) text = `${text.slice(0, first)}${removed}${last > first ? text.slice(last + 1) : ''}`;
  text = text
    .replace(/\S*@\S*/g, removed)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S*/gi, removed)
    .replace(/(\[[^\]]*(\]|$))|(\{[^}]*(\}|$))|(<[^>]*(>|$))/g, removed)
    .replace(/=(\s*\uE000\d+\uE001|[^,.;]*)/g, (assigned) => (assigned.includes('\uE000') ? assigned : `= ${removed}`))
    .replace(/(?<![\w\uE000])\+?\(?\d[\d\s()./-]{4,}\d/g, removed);
  text = withoutValues(text, context.values ?? []);
  text = text.replace(placeholder, (_, index: string) => kept[Number(index)] ?? '');
  text = text
    .replace(/(…\s*)+/g, '… ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' || text === removed ? 'Dataverse gave no reason that can be shown' : text.slice(0, longestReason);
};

/** The texts and numbers of a row's columns, as they may appear in a message about it. */
export const valuesOf = (columnsJson: string): readonly string[] => {
  const parsed: unknown = JSON.parse(`{${columnsJson}}`);
  return Object.entries(parsed ?? {})
    .filter(([name, value]) => !name.includes('@') && (typeof value === 'string' || typeof value === 'number'))
    .map(([, value]) => String(value));
};

const namesOfTable = new WeakMap<TableDescription, ReadonlySet<string>>();

export const knownNamesOf = (table: TableDescription): ReadonlySet<string> => {
  const known = namesOfTable.get(table);
  if (known !== undefined) return known;
  const names = new Set([...table.columns.keys(), table.logicalName, table.entitySetName]);
  namesOfTable.set(table, names);
  return names;
};
