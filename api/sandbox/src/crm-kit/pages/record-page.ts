import type { Field } from './fields.ts';
import { type Html, html } from './html.ts';
import type { Subject } from './subject.ts';

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
  readonly singular: string;
  readonly subject: Subject;
  readonly fields: readonly Field[];
  /** Where the forms post to, e.g. `/people/100001`. */
  readonly path: string;
  readonly notice?: { readonly kind: 'good' | 'warn'; readonly text: string };
}

const notices = ({ subject, notice }: RecordPage): Html => html`
  ${notice && html`<p class="note ${notice.kind}" role="status">${notice.text}</p>`}
  ${
    subject.deletedAt !== null &&
    html`<p class="note warn">This record was deleted on ${timeElement(subject.deletedAt)}. Restore it to change it.</p>`
  }
`;

const actions = ({ path, subject }: RecordPage): Html =>
  subject.deletedAt === null
    ? html`<form method="post" action="${path}/delete"><button class="quiet">Delete</button></form>`
    : html`<form method="post" action="${path}/restore"><button>Restore</button></form>`;

/** One record: what it holds, and a form to change it. */
export const recordPage = (page: RecordPage): Html => {
  const { singular, subject, fields, path } = page;
  const isDeleted = subject.deletedAt !== null;
  return html`
    ${notices(page)}
    <h1><bdi>${subject.heading}</bdi></h1>
    <p class="soft">
      ${singular} ${subject.id} · created ${timeElement(subject.createdAt)} ·
      ${subject.changedAt === null ? 'never changed' : html`changed ${timeElement(subject.changedAt)}`}
    </p>
    <section class="card" aria-label="Details">
      <form method="post" action="${path}" id="details">
        <fieldset class="fields" ${isDeleted && html`disabled`}>
          ${fields.map((field) => input(field, subject.textOf(field.name)))}
        </fieldset>
      </form>
      <div class="actions">
        ${!isDeleted && html`<button form="details">Save</button>`} ${actions(page)}
      </div>
    </section>
    ${subject.related}
  `;
};
