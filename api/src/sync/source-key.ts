/**
 * The identity of a row: `<source>~<record id>`, the value of `ccsync_sourcekey`.
 *
 * Dataverse refuses `/ < > * % & : \ ? +` and quotes in a key address, and compares keys without regard to case.
 * So the key holds only [a-z0-9.~_-]: lower-case letters, digits, `.` and `-` stand for themselves, an upper-case
 * letter X is written `_x`, and every other UTF-8 byte `_0hh`. Two ids that differ only in case get different keys.
 */

/** The column's length in our solution. An index on nvarchar may hold 450 characters; 250 leaves room. */
export const maxSourceKeyLength = 250;

const sourceIdPattern = /^[a-z0-9][a-z0-9-]{0,39}$/;
const plainRecordIdPattern = /^[a-z0-9.-]*$/;
const unusualCharacters = /[^a-z0-9.-]/gu;
const escapedRecordIdPattern = /^(?:[a-z0-9.-]|_[a-z]|_0[0-9a-f]{2})+$/;

export const isSourceId = (text: string): boolean => sourceIdPattern.test(text);

const escapeCharacter = (character: string): string => {
  if (character >= 'A' && character <= 'Z') return `_${character.toLowerCase()}`;
  return [...Buffer.from(character, 'utf8')].map((byte) => `_0${byte.toString(16).padStart(2, '0')}`).join('');
};

/** null when the id is empty, or too long to be a key. */
export const toSourceKey = (sourceId: string, recordId: string): string | null => {
  const escaped = plainRecordIdPattern.test(recordId) ? recordId : recordId.replace(unusualCharacters, escapeCharacter);
  const key = `${sourceId}~${escaped}`;
  return escaped === '' || key.length > maxSourceKeyLength ? null : key;
};

export interface SourceKeyParts {
  readonly sourceId: string;
  readonly recordId: string;
}

/** null when the text is no key of ours. `parseSourceKey(toSourceKey(s, id))` gives s and id back, for every well-formed id. */
export const parseSourceKey = (key: string): SourceKeyParts | null => {
  const separator = key.indexOf('~');
  if (separator < 0 || key.length > maxSourceKeyLength) return null;
  const sourceId = key.slice(0, separator);
  const escaped = key.slice(separator + 1);
  if (!isSourceId(sourceId) || !escapedRecordIdPattern.test(escaped)) return null;

  const bytes: number[] = [];
  for (let index = 0; index < escaped.length; index += 1) {
    const character = escaped.charAt(index);
    if (character !== '_') bytes.push(character.charCodeAt(0));
    else if (escaped.charAt(index + 1) === '0') {
      bytes.push(Number.parseInt(escaped.slice(index + 2, index + 4), 16));
      index += 3;
    } else {
      bytes.push(
        escaped
          .charAt(index + 1)
          .toUpperCase()
          .charCodeAt(0),
      );
      index += 1;
    }
  }
  const recordId = Buffer.from(bytes).toString('utf8');
  // Only the canonical spelling is a key: two spellings of one record would be two rows.
  return toSourceKey(sourceId, recordId) === key ? { sourceId, recordId } : null;
};
