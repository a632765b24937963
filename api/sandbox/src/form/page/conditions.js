/** What this page is told: by the server (on the body), by its own address, and by its switches. */
const query = new URLSearchParams(location.search);
const { issuerUrl = '', apiUrl = '', tenantId = '' } = document.body.dataset;

const people = { agent: 'Alex Agent', admin: 'Ada Admin', reader: 'Rita Reader', restricted: 'Robin Restricted' };

/** LCIDs, as Dataverse numbers languages, of those that the control speaks. */
export const languages = /** @type {Readonly<Record<number, { readonly tag: string, readonly name: string }>>} */ ({
  1033: { tag: 'en-US', name: 'English' },
  1031: { tag: 'de-DE', name: 'Deutsch' },
  1036: { tag: 'fr-FR', name: 'Français' },
  3082: { tag: 'es-ES', name: 'Español' },
  1049: { tag: 'ru-RU', name: 'Русский' },
  1041: { tag: 'ja-JP', name: '日本語' },
  1025: { tag: 'ar-SA', name: 'العربية' },
});

const rightToLeftLanguages = [1025, 1037, 1065];

/** @param {string | null} text @returns {keyof typeof people} */
const personOf = (text) => (text === 'admin' || text === 'reader' || text === 'restricted' ? text : 'agent');

const user = personOf(query.get('user'));
const languageId = Number(query.get('lang')) || 1033;

/** @param {string} name */
const isOn = (name) => query.get(name) === '1';

/**
 * What a host can be like, as far as a control can tell.
 * @typedef {object} HostConditions
 * @property {string} userName
 * @property {number} languageId
 * @property {boolean} isRightToLeft
 * @property {boolean} isDark
 * @property {boolean} isOffline
 * @property {boolean} isReadOnly the form, or the column, is locked
 * @property {boolean} mayWrite the person may change rows of this table
 * @property {boolean} isHidden
 * @property {boolean} isMasked the person may not read the column
 * @property {boolean} hasNoEvents a host that knows no events
 * @property {boolean} isNew the row was not saved yet
 * @property {boolean} hidesRow the host tells neither table nor id
 * @property {number} formFactor 1 computer, 2 tablet, 3 phone
 * @property {string} label
 */

/** @type {HostConditions} */
export const hostConditions = {
  userName: people[user],
  languageId,
  isRightToLeft: isOn('rtl') || (rightToLeftLanguages.includes(languageId) && query.get('rtl') !== '0'),
  isDark: query.get('theme') === 'dark',
  isOffline: isOn('offline'),
  isReadOnly: isOn('readonly'),
  mayWrite: user !== 'reader',
  isHidden: isOn('hidden'),
  isMasked: isOn('masked'),
  hasNoEvents: isOn('noevents'),
  isNew: isOn('new'),
  hidesRow: isOn('norow'),
  formFactor: isOn('phone') ? 3 : 1,
  label: '',
};

export const conditions = {
  ...hostConditions,
  apiUrl,
  authority: `${issuerUrl}/${tenantId}`,
  user,
  /** As the control's properties of these names. */
  transport: query.get('transport') === 'dataverse' ? 'dataverse' : 'direct',
  layout: query.get('layout') === 'full' ? 'full' : 'compact',
  /** The API's address is left to the environment variable. */
  isAddressUnsaid: isOn('noaddress'),
  /** Of the control's box, in pixels; undefined lets it take all that there is. */
  widthPx: Number(query.get('width')) || undefined,
};

/** Dresses the page for them. */
export const applyConditions = () => {
  document.documentElement.dir = conditions.isRightToLeft ? 'rtl' : 'ltr';
  document.documentElement.dataset['theme'] = conditions.isDark ? 'dark' : 'light';
  for (const link of document.querySelectorAll('a[data-keep-query]'))
    link.setAttribute('href', `${link.getAttribute('href')}${location.search}`);
  const person = document.querySelector('#person');
  if (person) person.textContent = conditions.userName;
};
