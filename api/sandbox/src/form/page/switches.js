import { languages } from './conditions.js';
import { html } from './html.js';

/**
 * Every condition of the host that can be switched, each a word in the page's address. A switch loads the page anew with its word
 * changed: so what is on screen is always what a fresh form under these conditions shows, and its address can be passed on.
 */

/** @typedef {{ readonly value: string, readonly text: string }} Choice */

/** @type {readonly { readonly name: string, readonly label: string, readonly choices: readonly Choice[] }[]} */
const choices = [
  {
    name: 'user',
    label: 'Person',
    choices: [
      { value: '', text: 'Agent' },
      { value: 'admin', text: 'Administrator' },
      { value: 'reader', text: 'May only read' },
      { value: 'restricted', text: 'Without rights' },
    ],
  },
  {
    name: 'lang',
    label: 'Language',
    choices: Object.entries(languages).map(([id, { name }]) => ({ value: id === '1033' ? '' : id, text: name })),
  },
  {
    name: 'theme',
    label: 'Theme',
    choices: [
      { value: '', text: 'Light' },
      { value: 'dark', text: 'Dark' },
    ],
  },
  {
    name: 'width',
    label: 'Width of the control',
    choices: [{ value: '', text: 'All there is' }, ...['200', '280', '400', '600'].map((value) => ({ value, text: `${value} px` }))],
  },
  {
    name: 'layout',
    label: 'Layout',
    choices: [
      { value: '', text: 'Compact' },
      { value: 'full', text: 'Full' },
    ],
  },
  {
    name: 'transport',
    label: 'Way to the API',
    choices: [
      { value: '', text: 'Direct' },
      { value: 'dataverse', text: 'Through Dataverse' },
    ],
  },
];

const flags = {
  offline: 'Offline',
  readonly: 'Read-only form',
  new: 'Row not saved yet',
  masked: 'Column masked',
  hidden: 'Control hidden',
  phone: 'Phone',
  rtl: 'Right to left',
  norow: 'Host tells no row',
  noevents: 'Host without events',
  noaddress: 'API address from the environment',
};

/** @param {string} name @param {string} value */
const go = (name, value) => {
  const query = new URLSearchParams(location.search);
  if (value === '') query.delete(name);
  else query.set(name, value);
  location.search = query.toString();
};

/** @param {(typeof choices)[number]} choice */
const select = ({ name, label, choices: options }) => {
  const now = new URLSearchParams(location.search).get(name) ?? '';
  const box = /** @type {HTMLSelectElement} */ (
    html('select', {}, ...options.map(({ value, text }) => html('option', { value, ...(value === now ? { selected: '' } : {}) }, text)))
  );
  box.addEventListener('change', () => go(name, box.value));
  return html('label', { class: 'switch' }, html('span', {}, label), box);
};

/** @param {string} name @param {string} label */
const checkbox = (name, label) => {
  const isOn = new URLSearchParams(location.search).get(name) === '1';
  const box = /** @type {HTMLInputElement} */ (html('input', { type: 'checkbox', ...(isOn ? { checked: '' } : {}) }));
  box.addEventListener('change', () => go(name, box.checked ? '1' : ''));
  return html('label', { class: 'switch flag' }, box, html('span', {}, label));
};

/** The panel of switches; open when something is switched. */
export const switchPanel = () =>
  html(
    'details',
    { class: 'sheet', id: 'switches', ...(location.search ? { open: '' } : {}) },
    html('summary', {}, 'Conditions of the host'),
    html(
      'div',
      { class: 'switches' },
      ...choices.map(select),
      ...Object.entries(flags).map(([name, label]) => checkbox(name, label)),
      html('a', { href: `/form/gallery${location.search}` }, 'All states of the control'),
    ),
  );
