/** What this page is told: by the server (on the body), and by its own address. */
const query = new URLSearchParams(location.search);
const { issuerUrl = '', apiUrl = '', tenantId = '' } = document.body.dataset;

const people = { agent: 'Alex Agent', admin: 'Ada Admin', restricted: 'Robin Restricted' };

/** @param {string | null} text @returns {keyof typeof people} */
const personOf = (text) => (text === 'admin' || text === 'restricted' ? text : 'agent');

const user = personOf(query.get('user'));

export const conditions = {
  apiUrl,
  authority: `${issuerUrl}/${tenantId}`,
  user,
  userName: people[user],
  /** LCID, as Dataverse numbers languages. */
  languageId: Number(query.get('lang')) || 1033,
  isRightToLeft: query.get('rtl') === '1',
  isDark: query.get('theme') === 'dark',
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
