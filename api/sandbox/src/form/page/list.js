import { applyConditions } from './conditions.js';
import { Refused, askDataverse, entitySetOf } from './dataverse.js';
import { find, html, keepQuery } from './html.js';

const pageSize = 25;
const nameColumns = { contact: 'fullname', account: 'name' };

/** @typedef {keyof typeof nameColumns} Table */

/** A text inside an OData string. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** @param {Table} table @param {string} search */
const firstPage = (table, search) => {
  const name = nameColumns[table];
  const query = new URLSearchParams({
    $select: [`${table}id`, name, 'telephone1', 'emailaddress1', 'address1_city', 'ccsync_sourcecrm', 'modifiedon'].join(','),
    $orderby: 'modifiedon desc',
    ...(search ? { $filter: `contains(${name},${quoted(search)})` } : {}),
  });
  return `${entitySetOf(table)}?${query}`;
};

/** @param {Table} table @param {Record<string, string | null>} row */
const rowOf = (table, row) =>
  html(
    'tr',
    {},
    html('td', {}, html('a', { href: keepQuery(`/form/${table}/${row[`${table}id`]}`) }, row[nameColumns[table]] || '(no name)')),
    ...['telephone1', 'emailaddress1', 'address1_city', 'ccsync_sourcecrm'].map((column) => html('td', {}, row[column] ?? '')),
    html('td', {}, row['modifiedon'] ? new Date(row['modifiedon']).toLocaleString() : ''),
  );

const state = { table: /** @type {Table} */ ('contact'), search: '', pages: /** @type {string[]} */ ([]) };

const searchBox = /** @type {HTMLInputElement} */ (
  html('input', { type: 'search', placeholder: 'Search by name', 'aria-label': 'Search by name' })
);
const tableButtons = /** @type {Table[]} */ (['contact', 'account']).map((table) => ({
  table,
  button: html('button', { type: 'button', class: 'command' }, table === 'contact' ? 'Contacts' : 'Accounts'),
}));
const body = html('tbody');
const message = html('p', { role: 'status' });
const previous = /** @type {HTMLButtonElement} */ (html('button', { type: 'button', class: 'command' }, 'Previous'));
const next = /** @type {HTMLButtonElement} */ (html('button', { type: 'button', class: 'command' }, 'Next'));

/** Answers may overtake each other while someone types; only the latest question counts. */
let question = 0;

/** @param {string} path */
const showPage = async (path) => {
  question += 1;
  const mine = question;
  const { table, pages } = state;
  tableButtons.forEach((entry) => entry.button.setAttribute('aria-pressed', String(entry.table === table)));
  try {
    const page = await askDataverse(path, { pageSize });
    if (mine !== question) return;
    body.replaceChildren(...page.value.map((/** @type {Record<string, string | null>} */ row) => rowOf(table, row)));
    message.textContent = page.value.length === 0 ? 'Nothing here. Run a sync, or search for something else.' : '';
    const nextLink = page['@odata.nextLink'];
    next.disabled = !nextLink;
    next.onclick = () => {
      pages.push(path);
      void showPage(nextLink);
    };
    previous.disabled = pages.length === 0;
    previous.onclick = () => void showPage(pages.pop() ?? firstPage(table, state.search));
  } catch (error) {
    if (mine !== question) return;
    body.replaceChildren();
    if (error instanceof Refused && error.status === 403)
      message.textContent = 'You have no right to read these rows. Ask an administrator for it.';
    else message.textContent = error instanceof Error ? error.message : 'The list cannot be shown.';
  }
};

const startOver = () => {
  state.pages = [];
  return showPage(firstPage(state.table, state.search));
};

applyConditions();
tableButtons.forEach(({ table, button }) =>
  button.addEventListener('click', () => {
    state.table = table;
    void startOver();
  }),
);
searchBox.addEventListener('input', () => {
  state.search = searchBox.value.trim();
  void startOver();
});
find('#list').replaceChildren(
  html('h1', {}, 'Customers'),
  html('div', { class: 'command-bar' }, ...tableButtons.map(({ button }) => button), searchBox),
  html(
    'div',
    { class: 'sheet' },
    html(
      'table',
      {},
      html(
        'thead',
        {},
        html(
          'tr',
          {},
          ...['Name', 'Phone', 'Email', 'City', 'Source CRM', 'Modified On'].map((title) => html('th', { scope: 'col' }, title)),
        ),
      ),
      body,
    ),
    message,
    html('div', { class: 'command-bar' }, previous, next),
  ),
);
await startOver();
find('#list').removeAttribute('aria-busy');
