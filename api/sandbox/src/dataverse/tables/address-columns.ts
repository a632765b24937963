import { double, phone, text } from './columns.ts';
import type { ColumnDefinition } from './definition.ts';

/** The address columns of account and contact. Lengths: CDM applicationCommon Account and Contact. */
export function addressColumns(number: 1 | 2): readonly ColumnDefinition[] {
  const named = (part: string) => `address${number}_${part}`;
  const labelled = (part: string) => `Address ${number}: ${part}`;
  return [
    text(named('name'), labelled('Name'), 200),
    text(named('line1'), labelled('Street 1'), 250),
    text(named('line2'), labelled('Street 2'), 250),
    text(named('line3'), labelled('Street 3'), 250),
    text(named('city'), labelled('City'), 80),
    text(named('stateorprovince'), labelled('State/Province'), 50),
    text(named('county'), labelled('County'), 50),
    text(named('postalcode'), labelled('ZIP/Postal Code'), 20),
    text(named('postofficebox'), labelled('Post Office Box'), 20),
    text(named('country'), labelled('Country/Region'), 80),
    phone(named('telephone1'), labelled('Phone'), 50),
    phone(named('telephone2'), labelled('Telephone 2'), 50),
    phone(named('telephone3'), labelled('Telephone 3'), 50),
    text(named('fax'), labelled('Fax'), 50),
    text(named('upszone'), labelled('UPS Zone'), 4),
    double(named('latitude'), labelled('Latitude'), { minValue: -90, maxValue: 90, precision: 5 }),
    double(named('longitude'), labelled('Longitude'), { minValue: -180, maxValue: 180, precision: 5 }),
  ];
}
