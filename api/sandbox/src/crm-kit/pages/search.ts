const plainLetters = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Does any of the texts hold what was typed, accents and case aside? */
export const createMatcher = (typed: string): ((...texts: readonly (string | null | undefined)[]) => boolean) => {
  const wanted = plainLetters(typed.trim());
  return (...texts) => texts.some((text) => text !== null && text !== undefined && plainLetters(text).includes(wanted));
};
