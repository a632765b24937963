const decimalText = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/;

/** One more in the last place: `0999` to `1000`, `99` to `100`. */
const increment = (digits: string): string => String(BigInt(digits) + 1n).padStart(digits.length, '0');

/**
 * A decimal number rounded to so many places, halves away from zero, as plain digits: `1.005` at 2 gives `1.01`. It works on the digits
 * themselves: as a binary number 1.005 is a little less, and would give 1.00. null when the text is no number.
 */
export const roundDecimal = (text: string, places: number): string | null => {
  const match = decimalText.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = match[4] ?? '', , exponent = '0'] = match;
  const pointAt = whole.length + Number(exponent);
  // Enough zeros that the point stands inside of the digits.
  const digits = `${'0'.repeat(Math.max(0, 1 - pointAt))}${whole}${fraction}`.padEnd(pointAt, '0');
  const wholeLength = Math.max(pointAt, 1);
  const end = wholeLength + places;
  const kept = digits.slice(0, end).padEnd(end, '0');
  const rounded = digits.charAt(end) >= '5' ? increment(kept) : kept;
  const cut = rounded.length - places;
  const wholePart = rounded.slice(0, cut).replace(/^0+(?=\d)/, '');
  const fractionPart = rounded.slice(cut).replace(/0+$/, '');
  const plain = fractionPart === '' ? wholePart : `${wholePart}.${fractionPart}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
};
