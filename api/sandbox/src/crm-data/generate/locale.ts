/** One name in its own script and in the letters of an e-mail address. */
export interface Name {
  readonly native: string;
  readonly latin: string;
}

export type NonEmpty<Item> = readonly [Item, ...Item[]];

export interface City {
  readonly city: string;
  readonly region: string | null;
  /** `#` is a digit. */
  readonly postalCode: string;
}

/** What people, companies and addresses look like somewhere. In patterns `#` is a digit. */
export interface Locale {
  readonly country: string;
  readonly countryCode: string;
  /** With `{given}` and `{family}`. */
  readonly nameOrder: string;
  readonly given: NonEmpty<Name>;
  readonly family: NonEmpty<Name>;
  readonly cities: NonEmpty<City>;
  readonly streets: NonEmpty<string>;
  readonly phones: NonEmpty<string>;
  readonly mobiles: NonEmpty<string>;
  readonly titles: NonEmpty<string>;
  /** With `{family}`. */
  readonly companies: NonEmpty<string>;
}

const nonEmpty = <Item>(items: readonly Item[]): NonEmpty<Item> => {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('A locale lacks a part.');
  return [first, ...rest];
};

const split = (list: string, separator = '|'): NonEmpty<string> => nonEmpty(list.split(separator));

/** `native=latin|native=latin`; a name in plain letters needs no second half. */
const names = (list: string): NonEmpty<Name> =>
  nonEmpty(
    list.split('|').map((entry) => {
      const [native = '', latin = native] = entry.split('=');
      return { native, latin: latin.toLowerCase() };
    }),
  );

/** `city;region;postal code|…`; the region may be empty. */
const cities = (list: string): NonEmpty<City> =>
  nonEmpty(
    list.split('|').map((entry) => {
      const [city = '', region = '', postalCode = ''] = entry.split(';');
      return { city, region: region === '' ? null : region, postalCode };
    }),
  );

type Written = { readonly [Part in keyof Locale]: string };

/** Locales are written down as lists in text, so that a person who reads the language can mend them at a glance. */
export const locale = (written: Written): Locale => ({
  country: written.country,
  countryCode: written.countryCode,
  nameOrder: written.nameOrder,
  given: names(written.given),
  family: names(written.family),
  cities: cities(written.cities),
  streets: split(written.streets),
  phones: split(written.phones),
  mobiles: split(written.mobiles),
  titles: split(written.titles),
  companies: split(written.companies),
});
