/**
 * How Dataverse's database compares text: without regard to case, accents or trailing spaces (Latin1_General_CI_AI),
 * in filters as in the uniqueness of a key.
 */
const plain = /^[!-@[-~]*$/;

export function fold(text: string): string {
  // Most keys are plain lower-case ASCII: this saves three passes over each.
  if (plain.test(text)) return text;
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trimEnd();
}
