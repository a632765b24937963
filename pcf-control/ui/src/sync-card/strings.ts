/**
 * Every text of SyncCard, by name; `{…}` is filled in. Flat, so that a resx file or any other translation can hold it as it is.
 * Plurals follow Unicode's categories: a language without `Few` or `Many` repeats `Other` there.
 */
export const syncCardStringNames = [
  /** BCP 47 tag of the language of these texts: times and plurals must be in the same one. */
  'languageTag',
  'cardLabel',
  'loading',
  'openIn',
  'newTab',
  'inSync',
  'failed',
  'waitingForParent',
  'waitingForParentHelp',
  'removed',
  'removedHelp',
  'notLinked',
  'notLinkedHelp',
  'unsaved',
  'unsavedHelp',
  'checked',
  'synced',
  'syncNow',
  'syncing',
  'cancel',
  'tryAgain',
  'dismiss',
  'updatedOne',
  'updatedFew',
  'updatedMany',
  'updatedOther',
  'created',
  'unchanged',
  'stale',
  'filtered',
  'changedFrom',
  'changedTo',
  'emptyValue',
  'unnamedSource',
  'reference',
  'notConfigured',
  'apiAddressGap',
  'signInGap',
  'tableGap',
  'offline',
  'offlineHelp',
  'unreachable',
  'unreachableHelp',
  'signedOut',
  'signedOutHelp',
  'forbidden',
  'forbiddenHelp',
  'notFound',
  'notFoundHelp',
  'unexpected',
  'unexpectedHelp',
] as const;

export type SyncCardStringName = (typeof syncCardStringNames)[number];
export type SyncCardStrings = Readonly<Record<SyncCardStringName, string>>;

const pluralNames: Readonly<Partial<Record<Intl.LDMLPluralRule, SyncCardStringName>>> = {
  one: 'updatedOne',
  few: 'updatedFew',
  many: 'updatedMany',
};

/** The right form of "{count} fields updated" for a number in the language of the texts. */
export const updatedText = (count: number, strings: SyncCardStrings): string =>
  strings[pluralNames[new Intl.PluralRules(strings.languageTag).select(count)] ?? 'updatedOther'];
