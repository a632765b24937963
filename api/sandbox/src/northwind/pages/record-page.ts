import { type Keepable } from '../types.ts';
import { type Field } from './fields.ts';
import { type Html, html } from './html.ts';

const timeElement = (at: string): Html => html`<time datetime="${at}">${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`;

const input = ({ name, label, isMultiLine, isRequired }: Field, value: string): Html => {
  const required = isRequired ? html` required` : '';
  const control = isMultiLine
    ? // A line break right after the tag is dropped by browsers, so one stands there in case the text begins with one.
      html`<textarea id="${name}" name="${name}" rows="3" dir="auto">${'\n'}${value}</textarea>`
    : html`<input id="${name}" name="${name}" value="${value}" dir="auto" autocomplete="off" ${required} />`;
  return html`<div><label for="${name}">${label}</label>${control}</div>`;
};

export interface RecordPage {
  readonly kind: 'Company' | 'Person';
  readonly heading: string;
  readonly record: Keepable;
  readonly fields: readonly Field[];
  readonly textOf: (fieldName: string) => string;
  /** Where the forms post to, e.g. `/people/100001`. */
  readonly path: string;
  readonly notice?: { readonly kind: 'good' | 'warn'; readonly text: string };
  readonly related: Html;
}

const notices = ({ record, notice }: RecordPage): Html => html`
  ${notice && html`<p class="note ${notice.kind}" role="status">${notice.text}</p>`}
  ${
    record.deleted_at !== null &&
    html`<p class="note warn">This record was deleted on ${timeElement(record.deleted_at)}. Restore it to change it.</p>`
  }
`;

const actions = ({ path, record }: RecordPage): Html =>
  record.deleted_at === null
    ? html`<form method="post" action="${path}/delete"><button class="quiet">Delete</button></form>`
    : html`<form method="post" action="${path}/restore"><button>Restore</button></form>`;

/** One record: what it holds, and a form to change it. */
export const recordPage = (page: RecordPage): Html => {
  const { kind, heading, record, fields, textOf, path, related } = page;
  const isDeleted = record.deleted_at !== null;
  return html`
    ${notices(page)}
    <h1><bdi>${heading}</bdi></h1>
    <p class="soft">
      ${kind} ${record.id} · created ${timeElement(record.created_at)} ·
      ${record.updated_at === null ? 'never changed' : html`changed ${timeElement(record.updated_at)}`}
    </p>
    <section class="card" aria-label="Details">
      <form method="post" action="${path}" id="details">
        <fieldset class="fields" ${isDeleted && html`disabled`}>
          ${fields.map((field) => input(field, textOf(field.name)))}
        </fieldset>
      </form>
      <div class="actions">
        ${!isDeleted && html`<button form="details">Save</button>`} ${actions(page)}
      </div>
    </section>
    ${related}
  `;
};
