import { html } from './html.js';

/** As a form shows it: Dataverse's formatted value where there is one. @param {Record<string, unknown>} row @param {string} column */
export const shownValue = (row, column) => {
  const value = row[`${column}@OData.Community.Display.V1.FormattedValue`] ?? row[column];
  return value === null || value === undefined || value === '' ? '---' : String(value);
};

/** Texts that an agent may change by hand here; lookups, choices and our own columns are shown only. */
const editable = /^(name|firstname|lastname|jobtitle|telephone1|mobilephone|fax|emailaddress1|address1_(line1|city|postalcode|country))$/;

/** The fields of a form: what the row says, and what the agent has typed and not saved. */
export const createFields = () => {
  /** @type {Map<string, string>} */
  const edits = new Map();
  /** @type {() => void} */
  let onEdit = () => undefined;

  /** @param {HTMLElement} value @param {string} column @param {string} label */
  const edit = (value, column, label) => {
    const before = value.textContent ?? '';
    const box = /** @type {HTMLInputElement} */ (
      html('input', { type: 'text', 'aria-label': label, value: before === '---' ? '' : before })
    );
    const finish = () => {
      value.textContent = box.value === '' ? '---' : box.value;
      if (value.textContent !== before) edits.set(column, box.value);
      value.classList.toggle('edited', edits.has(column));
      onEdit();
    };
    box.addEventListener('change', finish, { once: true });
    box.addEventListener('keydown', ({ key }) => key === 'Enter' && box.blur());
    value.replaceChildren(box);
    box.focus();
  };

  return {
    edits,
    editedColumns: () => [...edits.keys()],
    /** @param {() => void} listener */
    listen: (listener) => {
      onEdit = listener;
    },
    /** @param {import('./form-layout.js').Field} field */
    draw: ({ column, label }) => {
      const value = html('span', { 'data-column': column });
      const button = html('button', { type: 'button', class: 'edit', 'aria-label': `Edit ${label}` }, '✎');
      button.addEventListener('click', () => edit(value, column, label));
      return html('div', { class: 'field' }, html('dt', {}, label), html('dd', {}, value, ...(editable.test(column) ? [button] : [])));
    },
    /** Puts a row's values into the fields, marking those that are new. @param {Record<string, unknown>} row @param {boolean} marksChanges */
    show: (row, marksChanges) => {
      edits.clear();
      for (const field of document.querySelectorAll('[data-column]')) {
        const value = shownValue(row, field.getAttribute('data-column') ?? '');
        field.classList.remove('edited');
        field.classList.toggle('changed', marksChanges && field.textContent !== value);
        field.textContent = value;
      }
      onEdit();
    },
  };
};
