import { applyConditions, conditions, hostConditions } from './conditions.js';
import { hostControl } from './control-host.js';
import { Refused, webApi } from './dataverse.js';
import { createFields, shownValue } from './fields.js';
import { createFormContext } from './form-context.js';
import { columnsOf, layouts } from './form-layout.js';
import { find, html } from './html.js';
import { switchPanel } from './switches.js';
import { tabList } from './tabs.js';

const [, , table = '', rowId = ''] = location.pathname.split('/');
const layout = layouts[table];
const fields = createFields();

/** @param {import('./form-layout.js').Section} section */
const sectionOf = ({ title, fields: shown }) =>
  html('section', { class: 'sheet', 'aria-label': title }, html('h2', {}, title), html('dl', {}, ...shown.map(fields.draw)));

/** @param {import('./form-layout.js').Layout} layout */
const drawForm = ({ title, tabs }) => {
  const controlBox = html('div', { id: 'control', ...(conditions.widthPx ? { style: `width: ${conditions.widthPx}px` } : {}) });
  const saveButton = /** @type {HTMLButtonElement} */ (html('button', { type: 'button', class: 'command', disabled: '' }, 'Save'));
  const refreshButton = html('button', { type: 'button', class: 'command' }, 'Refresh');
  find('#form').replaceChildren(
    html('div', { class: 'command-bar', role: 'toolbar', 'aria-label': 'Commands' }, saveButton, refreshButton),
    html(
      'div',
      { class: 'form-header' },
      html('h1', { 'data-part': 'name' }),
      html('p', {}, `${title} · Sandbox form · ${conditions.userName}`),
    ),
    html('section', { class: 'sheet', 'aria-label': 'Source CRM' }, html('h2', {}, 'Source CRM'), controlBox),
    tabList(tabs.map((tab) => ({ title: tab.title, panel: html('div', { class: 'columns' }, ...tab.sections.map(sectionOf)) }))),
    switchPanel(),
  );
  return { controlBox, saveButton, refreshButton };
};

/** @param {Record<string, unknown>} row @param {string} nameColumn @param {boolean} marksChanges */
const showValues = (row, nameColumn, marksChanges) => {
  const name = shownValue(row, nameColumn);
  find('[data-part="name"]').textContent = name;
  document.title = `${name} · sandbox`;
  fields.show(row, marksChanges);
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
    switchPanel(),
  );
};

/** A host hands over times as dates. @param {string | null | undefined} value */
const dateOf = (value) => (value ? new Date(value) : null);

/** @param {Record<string, any>} row */
const propertiesFor = (row) => ({
  sourceKey: conditions.isNew ? null : (row['ccsync_sourcekey'] ?? null),
  sourceCrm: row['ccsync_sourcecrm'] ?? null,
  recordId: row['ccsync_sourcecrmid'] ?? null,
  lastSyncedOn: dateOf(row['ccsync_lastsyncedon']),
  sourceModifiedOn: dateOf(row['ccsync_sourcemodifiedon']),
  apiBaseUrl: conditions.isAddressUnsaid ? null : conditions.apiUrl,
  authority: `${conditions.authority}?login_hint=${conditions.user}`,
  transport: conditions.transport,
  layout: conditions.layout,
  table: conditions.hidesRow ? table : null,
});

const start = async () => {
  if (!layout) throw new Error(`There is no form for ${table}`);
  const readRow = () => webApi.retrieveRecord(table, rowId, `?$select=${columnsOf(layout).join(',')}`);
  const row = await readRow();
  const { controlBox, saveButton, refreshButton } = drawForm(layout);
  fields.listen(() => {
    saveButton.disabled = fields.edits.size === 0;
  });
  showValues(row, layout.nameColumn, false);

  const refresh = async () => {
    const newRow = await readRow();
    showValues(newRow, layout.nameColumn, true);
    control.show(propertiesFor(newRow));
  };
  const tryToRefresh = () => void refresh().catch(showRefusal);
  const save = async () => {
    await webApi.updateRecord(table, rowId, Object.fromEntries(fields.edits));
    await refresh();
  };
  const { raise, formContext } = createFormContext({ editedColumns: fields.editedColumns, refresh: async () => tryToRefresh() });
  // The script that the solution brings, as a real form runs it on load.
  window.CrmSync.onLoad({ getFormContext: () => formContext });
  const control = await hostControl({
    box: controlBox,
    host: hostConditions,
    row: { table, rowId },
    values: propertiesFor(row),
    webApi,
    onEvent: raise,
  });
  control.show();
  refreshButton.addEventListener('click', tryToRefresh);
  saveButton.addEventListener('click', () => void save().catch(showRefusal));
  // The control is told, as by a real host; nothing else is read anew.
  for (const event of ['online', 'offline']) window.addEventListener(event, () => control.show());
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
