const suffixLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const chunkSuffix = (chunk: string): string => {
  const bits = [...chunk].reduce((sum, character, at) => (/[A-Z]/.test(character) ? sum + 2 ** at : sum), 0);
  return suffixLetters.charAt(bits);
};

/**
 * The three letters that make a 15-character id safe where case is lost: one for each five characters, telling which are capitals.
 * https://help.salesforce.com/s/articleView?id=000385585
 */
export const caseSuffix = (id15: string): string => [0, 5, 10].map((start) => chunkSuffix(id15.slice(start, start + 5))).join('');

/** The 18-character form of either form; undefined when it is no id, or its suffix belongs to another. */
export const idOf = (text: string): string | undefined => {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(text)) return undefined;
  const id15 = text.slice(0, 15);
  const id18 = id15 + caseSuffix(id15);
  return text.length === 15 || text.toUpperCase() === id18.toUpperCase() ? id18 : undefined;
};

/** The id of the n-th record of an object. Neighbours differ in their last characters, often by case alone. */
export const idAt = (prefix: string, position: number): string => {
  let rest = position;
  let text = '';
  for (let place = 0; place < 5; place += 1) {
    text = digits.charAt(rest % digits.length) + text;
    rest = Math.floor(rest / digits.length);
  }
  const id15 = `${prefix}5g00000${text}`;
  return id15 + caseSuffix(id15);
};
