const plain = /^[!-@[-~]*$/;

/**
 * A label as it is compared: without regard to case, accents and white space, as people write them differently and Dataverse itself
 * compares text (Latin1_General_CI_AI).
 */
export const foldLabel = (text: string): string =>
  plain.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
