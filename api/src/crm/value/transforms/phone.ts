import type * as PhoneNumbers from 'libphonenumber-js/min';
import { loadWhenNeeded } from '../../../load-when-needed.ts';
import { textTransformOf, type Transform } from './transform.ts';

/** Parsing takes 31 µs, more than all else that is done for a record, and runs read the same numbers again and again. */
const maxRemembered = 20_000;

/** 19 MB of memory that a source without phone rules does not pay for. */
const library = loadWhenNeeded<typeof PhoneNumbers>('libphonenumber-js/min');

const isRegion = (argument: unknown): argument is PhoneNumbers.CountryCode =>
  typeof argument === 'string' && library().isSupportedCountry(argument);

const write = (text: string, region: PhoneNumbers.CountryCode | undefined): string => {
  const number = library().parsePhoneNumberFromString(text, region);
  // What is no number is kept as it is: somebody may have written “ask for Maria” beside it.
  if (number === undefined || !number.isPossible()) return text.trim();
  return number.ext === undefined ? number.number : `${number.number} ext. ${number.ext}`;
};

export const phone: Transform = textTransformOf({
  description:
    'A phone number as +431234567 (E.164), with its extension; {phone: AT} says where numbers without a country are from. What is no number stays as it is.',
  noun: 'phone number',
  compile: (argument) => {
    if (argument !== undefined && !isRegion(argument))
      throw new RangeError('it takes a country’s code of two capital letters, for example {phone: AT}');
    const remembered = new Map<string, string>();
    return (text) => {
      const known = remembered.get(text);
      if (known !== undefined) return known;
      const written = write(text, argument);
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(text, written);
      return written;
    };
  },
});
