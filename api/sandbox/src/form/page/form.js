import { applyConditions, conditions } from './conditions.js';
import { hostControl } from './control-host.js';
import { Refused, webApi } from './dataverse.js';
import { columnsOf, layouts } from './form-layout.js';
import { find, html } from './html.js';
import { tabList } from './tabs.js';

const [, , table = '', rowId = ''] = location.pathname.split('/');
const layout = layouts[table];

/** As a form shows it: Dataverse's formatted value where there is one. @param {Record<string, unknown>} row @param {string} column */
const shownValue = (row, column) => {
  const value = row[`${column}@OData.Community.Display.V1.FormattedValue`] ?? row[column];
  return value === null || value === undefined || value === '' ? '---' : String(value);
};

/** @param {import('./form-layout.js').Section} section */
const sectionOf = ({ title, fields }) =>
  html(
    'section',
    { class: 'sheet', 'aria-label': title },
    html('h2', {}, title),
    html(
      'dl',
      {},
      ...fields.map(({ column, label }) => html('div', { class: 'field' }, html('dt', {}, label), html('dd', { 'data-column': column }))),
    ),
  );

/** @param {import('./form-layout.js').Layout} layout */
const drawForm = ({ title, tabs }) => {
  const controlBox = html('div', { id: 'control' });
  const refreshButton = html('button', { type: 'button', class: 'command' }, 'Refresh');
  const form = find('#form');
  form.replaceChildren(
    html('div', { class: 'command-bar', role: 'toolbar', 'aria-label': 'Commands' }, refreshButton),
    html(
      'div',
      { class: 'form-header' },
      html('h1', { 'data-part': 'name' }),
      html('p', {}, `${title} · Sandbox form · ${conditions.userName}`),
    ),
    html('section', { class: 'sheet', 'aria-label': 'Source CRM' }, html('h2', {}, 'Source CRM'), controlBox),
    tabList(tabs.map((tab) => ({ title: tab.title, panel: html('div', { class: 'columns' }, ...tab.sections.map(sectionOf)) }))),
  );
  return { controlBox, refreshButton };
};

/** Puts a row's values into the fields, marking those that are new. @param {Record<string, unknown>} row @param {string} nameColumn @param {boolean} marksChanges */
const showValues = (row, nameColumn, marksChanges) => {
  const name = shownValue(row, nameColumn);
  find('[data-part="name"]').textContent = name;
  document.title = `${name} · sandbox`;
  for (const field of document.querySelectorAll('[data-column]')) {
    const value = shownValue(row, field.getAttribute('data-column') ?? '');
    field.classList.toggle('changed', marksChanges && field.textContent !== value);
    field.textContent = value;
  }
};

/** @param {unknown} error */
const showRefusal = (error) => {
  const isRefused = error instanceof Refused && (error.status === 403 || error.status === 404);
  find('#form').replaceChildren(
    html(
      'div',
      { class: 'sheet', role: 'alert' },
      html('h1', {}, isRefused ? 'You cannot see this row' : 'This row cannot be shown'),
      html(
        'p',
        {},
        isRefused ? 'It does not exist, or you have no right to read it.' : error instanceof Error ? error.message : 'Unknown error',
      ),
    ),
  );
};

const start = async () => {
  if (!layout) throw new Error(`There is no form for ${table}`);
  const readRow = () => webApi.retrieveRecord(table, rowId, `?$select=${columnsOf(layout).join(',')}`);
  const row = await readRow();
  const { controlBox, refreshButton } = drawForm(layout);
  showValues(row, layout.nameColumn, false);

  const refresh = async () => {
    const newRow = await readRow();
    showValues(newRow, layout.nameColumn, true);
    control.show(newRow.ccsync_sourcekey ?? null);
  };
  const control = await hostControl({ box: controlBox, row: { table, rowId }, onSyncCompleted: () => void refresh().catch(showRefusal) });
  control.show(row.ccsync_sourcekey ?? null);
  refreshButton.addEventListener('click', () => void refresh().catch(showRefusal));
  window.addEventListener('online', () => void refresh().catch(showRefusal));
  window.addEventListener('pagehide', () => control.destroy());
};

applyConditions();
try {
  await start();
} catch (error) {
  showRefusal(error);
} finally {
  find('#form').removeAttribute('aria-busy');
}
