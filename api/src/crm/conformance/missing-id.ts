/** So many signs from the end are changed, so that what ids begin with stays as the CRM writes it. */
const changedSigns = 6;

const replaceSign = (sign: string, digit: string): string => {
  if (/\d/.test(sign)) return digit;
  if (/[a-f]/.test(sign)) return 'f';
  if (/[A-F]/.test(sign)) return 'F';
  if (/[a-z]/.test(sign)) return 'z';
  return /[A-Z]/.test(sign) ? 'Z' : sign;
};

/**
 * An id that looks like those of the table and is none of them: a CRM may refuse what cannot be an id, and that is another matter.
 * `readId` puts it as the table’s ids are (the three last signs of a Salesforce id follow from the others). null: none was found.
 */
export const missingIdOf = (ids: readonly string[], readId: (text: string) => string | null): string | null => {
  const known = new Set(ids);
  const [sample] = ids;
  if (sample === undefined) return null;
  const isChecked = sample.length === 18 && readId(sample.slice(0, 15)) === sample;
  const base = isChecked ? sample.slice(0, 15) : sample;
  const kept = base.slice(0, Math.max(1, base.length - changedSigns));
  for (const digit of ['9', '8', '7', '6']) {
    const made = readId(kept + [...base.slice(kept.length)].map((sign) => replaceSign(sign, digit)).join(''));
    if (made !== null && !known.has(made)) return made;
  }
  return null;
};
