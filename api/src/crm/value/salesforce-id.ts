const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18 characters of a Salesforce id from its 15, of which letters differ only in case: each of the last three tells which of five
 * are capitals. Dataverse’s keys do not tell case apart, so 15 characters would make one row of two records. Other texts stay.
 */
export const toSalesforce18 = (id: string): string => {
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)) return id;
  const base = id.slice(0, 15);
  const suffix = [0, 5, 10].map((start) => {
    const bits = [...base.slice(start, start + 5)].reduce((sum, sign, position) => sum + (/[A-Z]/.test(sign) ? 2 ** position : 0), 0);
    return alphabet[bits];
  });
  return base + suffix.join('');
};
