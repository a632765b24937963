/** Every face of the control: what the host and the API are like, and what a person has clicked. */

/**
 * @typedef {object} GalleryState
 * @property {string} id
 * @property {string} title
 * @property {import('./scripted-api.js').Script} [api]
 * @property {Partial<import('./conditions.js').HostConditions>} [host]
 * @property {Record<string, import('./control-context.js').PropertyValue>} [values] of the control's properties
 * @property {readonly Step[]} [steps]
 * @property {number} [widthPx]
 * @property {readonly string[]} [unsaved] columns with edits that are not saved
 *
 * @typedef {{ readonly click: string } | { readonly type: string }} Step
 */

const minutesAgo = (/** @type {number} */ minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const record = {
  table: 'contact',
  rowId: '0a6a4d62-0000-4000-8000-0000000000aa',
  sourceKey: 'sf-emea~0035g00000Xa1',
  state: 'inSync',
  source: { id: 'sf-emea', name: 'Salesforce' },
  mark: 'salesforce',
  recordId: '0035g00000Xa1QqAAJ',
  url: 'https://crm.example/0035g00000Xa1QqAAJ',
  checkedOn: minutesAgo(3),
  syncedOn: minutesAgo(2 * 24 * 60 + 30),
  sourceModifiedOn: minutesAgo(2 * 24 * 60 + 45),
};

/** @param {object} changes @returns {import('./scripted-api.js').Script} */
const status = (changes) => ({ status: { body: { ...record, ...changes } } });
const fine = status({});
const outOfDate = status({ state: 'outOfDate', sourceModifiedOn: minutesAgo(5) });
const notLinked = { status: { body: { table: 'contact', state: 'notLinked', mayLink: true } } };
const unlinkedForm = { sourceKey: null };

const changes = [
  { column: 'mobilephone', label: 'Mobile Phone', before: '+49 30 0074321', after: '+49 30 0074399' },
  { column: 'address1_city', label: 'City', before: 'Berlin', after: 'München' },
  { column: 'fax', label: 'Fax', before: '030 0076545' },
];

/** @param {string} outcome @param {object} [recordChanges] @param {readonly object[]} [outcomeChanges] */
const result = (outcome, recordChanges = {}, outcomeChanges = []) => ({
  body: { outcome, isDryRun: false, changes: outcomeChanges, record: { ...record, checkedOn: minutesAgo(0), ...recordChanges } },
});
const changed = result('changed', { syncedOn: minutesAgo(0) }, changes);

/** @param {number} status @param {string} code @param {string} [title] @param {string} [help] */
const problem = (status, code, title, help) => ({ problem: { status, code, ...(title ? { title } : {}), ...(help ? { help } : {}) } });

const candidates = [
  {
    sourceId: 'sf-emea',
    sourceName: 'Salesforce',
    recordId: '0035g00000Xa1',
    name: 'Anna Lindqvist',
    company: 'Contoso Ltd',
    city: 'Berlin',
    email: 'a•••@contoso.example',
    url: 'https://crm.example/0035g00000Xa1',
  },
  { sourceId: 'now', sourceName: 'ServiceNow', recordId: '7', name: 'Anna Lindquist', city: 'Göteborg', email: 'an•••@fabrikam.example' },
  { sourceId: 'sf-emea', sourceName: 'Salesforce', recordId: '0035g00000Xb2', name: 'A. Lindqvist', linkedRowId: 'another' },
];
const unsearched = [{ sourceId: 'zd', sourceName: 'Zendesk', code: 'crm.unreachable', title: 'It is down', help: 'Wait.' }];
const found = { ...notLinked, candidates: { body: { candidates, unsearched: [] } } };
const find = { click: 'find' };
const sync = { click: 'syncNow' };
const long = 'Donaudampfschifffahrtsgesellschaftskapitän '.repeat(7).slice(0, 300);
const markup = '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>';
const mixed = '\u202Eمرحبا\u202C Müller 👩‍👩‍👧‍👦 עברית 123';

/** @type {readonly GalleryState[]} */
export const galleryStates = [
  { id: 'loading', title: 'Loading, then slow', api: { status: 'never' } },
  {
    id: 'loading-known',
    title: 'Loading, the form knows the record',
    api: { status: 'never' },
    values: {
      sourceKey: 'sf-emea~0035g00000_xa1',
      sourceCrm: 'Salesforce',
      recordId: '0035g00000Xa1QqAAJ',
      lastSyncedOn: new Date(Date.now() - 2 * 86_400_000),
    },
  },
  { id: 'no-address', title: 'Not configured: no API address', values: { apiBaseUrl: null } },
  { id: 'no-sign-in', title: 'Not configured: no sign-in', values: { authority: null } },
  { id: 'no-table', title: 'Not configured: not a table of ours', values: { table: 'lead' } },
  { id: 'unsaved', title: 'Row not saved yet', values: unlinkedForm, host: { isNew: true } },
  { id: 'in-sync', title: 'In sync', api: fine },
  { id: 'in-sync-full', title: 'In sync, full layout', api: fine, values: { layout: 'full' } },
  { id: 'checking', title: 'Being checked', api: { ...fine, check: 'never' } },
  { id: 'check-failed', title: 'Could not be checked', api: { ...fine, check: problem(502, 'crm.unreachable') } },
  { id: 'out-of-date', title: 'Out of date', api: outOfDate },
  { id: 'syncing', title: 'Syncing, then slow', api: { ...outOfDate, sync: 'never' }, steps: [sync] },
  { id: 'changed', title: 'Changed', api: { ...outOfDate, sync: changed }, steps: [sync] },
  { id: 'created', title: 'Created', api: { ...fine, sync: result('created') }, steps: [sync] },
  { id: 'unchanged', title: 'Unchanged', api: { ...fine, sync: result('unchanged') }, steps: [sync] },
  { id: 'stale', title: 'Older than the row', api: { ...fine, sync: result('stale') }, steps: [sync] },
  { id: 'filtered', title: 'Left out by the mapping', api: { ...fine, sync: result('filtered') }, steps: [sync] },
  { id: 'cancelled', title: 'Waiting was stopped', api: { ...fine, sync: 'never' }, steps: [sync, { click: 'cancel' }] },
  {
    id: 'overwrite',
    title: 'Unsaved edits in the way',
    api: { ...outOfDate, preview: changed, sync: changed },
    unsaved: ['mobilephone', 'address1_city'],
    steps: [sync],
  },
  {
    id: 'failed',
    title: 'Last sync failed',
    api: status({
      state: 'failed',
      failure: {
        code: 'dataverse.too_long',
        reason: 'The value for Last Name has 120 characters; 50 fit',
        help: 'Shorten it in the CRM, then try again.',
        since: minutesAgo(90),
      },
    }),
  },
  { id: 'sync-failed', title: 'This sync failed', api: { ...fine, sync: problem(503, 'crm.limited') }, steps: [sync] },
  { id: 'parked', title: 'Waits for its account', api: status({ state: 'waitingForParent' }) },
  { id: 'removed', title: 'Removed in the CRM', api: status({ state: 'removed' }) },
  { id: 'read-only', title: 'Read-only', api: fine, host: { isReadOnly: true } },
  { id: 'may-not-change', title: 'May not change the row', api: outOfDate, host: { mayWrite: false } },
  { id: 'forbidden', title: 'No permission', api: { status: problem(403, 'identity.forbidden') } },
  { id: 'not-found', title: 'Row not readable', api: { status: problem(404, 'record.not_found') } },
  { id: 'signed-out', title: 'Signed out', api: fine },
  { id: 'offline', title: 'Offline', api: fine, host: { isOffline: true } },
  { id: 'unreachable', title: 'API unreachable', api: { status: 'unreachable' } },
  { id: 'no-answer', title: 'No answer in time', api: { status: problem(504, 'client.no_answer') } },
  {
    id: 'other-problem',
    title: 'Another problem',
    api: { status: problem(503, 'store.unavailable', 'CRM Sync cannot reach its database', 'Tell your administrator.') },
  },
  {
    id: 'several',
    title: 'Several CRMs',
    api: status({
      otherRecords: [
        { source: { id: 'now', name: 'ServiceNow' }, recordId: '5137153cc611227c000bbd1bd8cd2007', url: 'https://now.example/x' },
        { source: { name: 'Old CRM' }, recordId: '77' },
      ],
    }),
  },
  { id: 'not-linked', title: 'Not linked', api: notLinked, values: unlinkedForm },
  { id: 'not-linkable', title: 'Not linked, nothing to search', api: status({ state: 'notLinked', mayLink: false }), values: unlinkedForm },
  { id: 'searching', title: 'Searching', api: { ...notLinked, candidates: 'never' }, values: unlinkedForm, steps: [find] },
  { id: 'found', title: 'Records found', api: found, values: unlinkedForm, steps: [find] },
  {
    id: 'found-some',
    title: 'Records found, one CRM not searched',
    api: { ...notLinked, candidates: { body: { candidates: candidates.slice(0, 1), unsearched } } },
    values: unlinkedForm,
    steps: [find],
  },
  {
    id: 'found-none',
    title: 'No record found',
    api: { ...notLinked, candidates: { body: { candidates: [], unsearched: [] } } },
    values: unlinkedForm,
    steps: [find, { type: 'Lindqvist' }, { click: 'search' }],
  },
  {
    id: 'find-failed',
    title: 'Search failed',
    api: { ...notLinked, candidates: problem(502, 'crm.limited') },
    values: unlinkedForm,
    steps: [find],
  },
  { id: 'confirm', title: 'Link: asks first', api: found, values: unlinkedForm, steps: [find, { click: 'link' }] },
  {
    id: 'confirm-unsaved',
    title: 'Link: unsaved edits',
    api: found,
    values: unlinkedForm,
    unsaved: ['fax'],
    steps: [find, { click: 'link' }],
  },
  {
    id: 'linking',
    title: 'Linking',
    api: { ...found, link: 'never' },
    values: unlinkedForm,
    steps: [find, { click: 'link' }, { click: 'linkAndSync' }],
  },
  {
    id: 'link-failed',
    title: 'Link failed',
    api: { ...found, link: problem(409, 'record.linked_elsewhere', 'Another row is linked to this record', 'Open that row instead.') },
    values: unlinkedForm,
    steps: [find, { click: 'link' }, { click: 'linkAndSync' }],
  },
  {
    id: 'linked',
    title: 'Linked',
    api: { ...found, link: changed },
    values: unlinkedForm,
    steps: [find, { click: 'link' }, { click: 'linkAndSync' }],
  },
  { id: 'phone', title: 'Phone', api: outOfDate, host: { formFactor: 3 } },
  { id: 'narrow', title: 'Narrow: in sync', api: { ...fine, sync: changed }, widthPx: 200 },
  { id: 'narrow-out-of-date', title: 'Narrow: out of date', api: outOfDate, widthPx: 200 },
  ...['servicenow', 'hubspot', 'zendesk'].map((mark) => ({
    id: `mark-${mark}`,
    title: `Mark: ${mark}`,
    api: status({ mark, source: { id: mark, name: { servicenow: 'ServiceNow', hubspot: 'HubSpot', zendesk: 'Zendesk' }[mark] ?? '' } }),
  })),
  {
    id: 'mark-letter',
    title: 'Mark: another CRM',
    api: status({ mark: 'northwind', source: { id: 'n', name: 'Northwind' }, recordId: '100001' }),
  },
  {
    id: 'hostile-markup',
    title: 'Hostile: markup and a script as address',
    api: {
      ...status({ source: { id: 'x', name: markup }, recordId: markup, url: 'javascript:window.hacked=true' }),
      sync: result('changed', { source: { id: 'x', name: markup }, recordId: markup, url: 'javascript:window.hacked=true' }, [
        { column: 'a', label: markup, before: markup, after: markup },
      ]),
    },
    steps: [sync],
  },
  {
    id: 'hostile-long',
    title: 'Hostile: 300 characters',
    api: {
      ...status({ source: { id: 'x', name: long }, recordId: long.replaceAll(' ', '') }),
      sync: result('changed', { source: { id: 'x', name: long }, recordId: long.replaceAll(' ', '') }, [
        { column: 'a', label: long, before: long.replaceAll(' ', ''), after: long },
      ]),
    },
    steps: [sync],
  },
  {
    id: 'hostile-mixed',
    title: 'Hostile: mixed directions and emoji',
    api: {
      ...status({ source: { id: 'x', name: mixed }, recordId: mixed }),
      sync: result('changed', { source: { id: 'x', name: mixed }, recordId: mixed }, [
        { column: 'a', label: mixed, before: mixed, after: mixed },
      ]),
    },
    steps: [sync],
  },
  {
    id: 'hostile-found',
    title: 'Hostile: records found',
    api: {
      ...notLinked,
      candidates: {
        body: {
          candidates: [
            {
              sourceId: 'x',
              sourceName: mixed,
              recordId: '1',
              name: markup,
              company: long,
              city: mixed,
              email: markup,
              url: 'javascript:window.hacked=true',
            },
          ],
          unsearched: [],
        },
      },
    },
    values: unlinkedForm,
    steps: [find],
  },
];
