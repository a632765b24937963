import type { CompanyValues, PersonValues } from '../types.ts';

/**
 * What real CRM data does to those who thought it was tidy. Each trap alters one record's values; all of them still fit Dataverse.
 * The generated records begin with one of each, so that even a small sandbox has them all; after that they come back now and then.
 */
type Trap<Values> = (values: Values) => Partial<Values>;

/** Digits that JavaScript's numbers cannot tell apart: both read as 9007199254740992. */
export const hugePersonIds = ['9007199254740992', '9007199254740993', '12345678901234567890'] as const;

/** Two pairs that differ by case alone. */
export const caseTwinCompanyIds = ['SONNE', 'Sonne', 'LUNAR', 'lunar'] as const;

export const missingCompanyId = 'GONE-1998';

const combiningAcute = '\u0301';
const combiningDiaeresis = '\u0308';
const noBreakSpace = '\u00a0';
const zeroWidthJoiner = '\u200d';

const lastName50 = 'Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissen'.slice(0, 50);

export const personTraps: readonly Trap<PersonValues>[] = [
  () => ({ full_name: 'Andersson, Britt-Marie' }),
  () => ({ full_name: 'Johannes van der Berg' }),
  () => ({ full_name: 'María de la Cruz y Fernández' }),
  () => ({ full_name: 'Sukarno' }),
  () => ({ full_name: 'Zoë 🌻 Müller' }),
  () => ({ full_name: `👩${zeroWidthJoiner}🚀 Valentina` }),
  () => ({ full_name: `Jose${combiningAcute} Mu${combiningDiaeresis}ller` }),
  () => ({ full_name: `Anne${noBreakSpace}Sophie Mutter` }),
  () => ({ full_name: '  Ole   Nordmann ' }),
  () => ({ full_name: '<b>Robert</b> "Bobby" O\'Table & Söhne' }),
  () => ({ full_name: `Hubert ${lastName50}` }),
  () => ({ full_name: '𠮷田 太郎' }),
  () => ({ full_name: 'Işıl İNCİ' }),
  () => ({ full_name: 'محمد Smith محمود' }),
  () => ({ full_name: 'DR. MED. ANNA SCHMIDT JR.' }),
  () => ({ title: null, email: null, phone: null, mobile: null, region: null }),
  () => ({ title: '', email: '', phone: '', mobile: '', region: '', street: '' }),
  () => ({ title: undefined, email: undefined, mobile: undefined, region: undefined, postal_code: undefined }),
  () => ({ street: 'Building 7\nGate B\nc/o Reception' }),
  () => ({ street: 'Unit 3\r\nThe Old Mill\r\nMill Lane\r\nNether Wallop' }),
  () => ({ phone: '+44 20 7946 0123 ext. 4567 (ask for Pat)' }),
  () => ({ phone: '1-800-FLOWERS' }),
  () => ({ phone: '030 / 23125 - 0 DW 12' }),
  () => ({ country: 'DE' }),
  () => ({ country: 'DEU' }),
  () => ({ country: 'deutschland' }),
  () => ({ email: 'Mixed.Case+Tag@Example.COM' }),
  () => ({ company_id: missingCompanyId }),
  () => ({ company_id: null }),
  () => ({ company_id: '' }),
  () => ({ company_id: undefined }),
  () => ({ birthday: '1904-02-29', email_opt_out: null }),
  () => ({ birthday: '', email_opt_out: undefined }),
];

export const companyTraps: readonly Trap<CompanyValues>[] = [
  () => ({ name: 'Sonne & Söhne „Bäckerei“ GmbH & Co. KG' }),
  () => ({ name: 'Sonne (Filiale)' }),
  () => ({ name: 'LUNAR 🌙 Industries' }),
  () => ({ name: 'lunar=works; "quoted", <tagged> 100%' }),
  () => ({ name: `${'Vereinigte Nordwestdeutsche Händlergemeinschaft '.repeat(4)}`.slice(0, 160).trimEnd() }),
  () => ({ street: 'Werk 2\nTor 4\nIndustriestraße 99' }),
  () => ({ website: 'www.example.com/über-uns?x=1&y=2' }),
  () => ({ website: 'EXAMPLE.ORG' }),
  () => ({ website: '', phone: '', fax: '', region: '' }),
  () => ({ website: undefined, fax: undefined, employees: undefined }),
  () => ({ employees: 0 }),
  () => ({ employees: null, country: 'JP' }),
  () => ({ phone: '(5) 555-4729 / 4730 oder 4731' }),
  () => ({ segment: ' KEY   account ', annual_revenue: 1_234_567.005, currency: 'usd' }),
  () => ({ segment: '', annual_revenue: 0, currency: '' }),
  () => ({ segment: undefined, annual_revenue: undefined, currency: undefined }),
];
