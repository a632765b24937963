import { type Html, html } from './html.ts';
import type { Found, SubjectKind } from './subject.ts';

const shownAtOnce = 50;

/** A line of a list: where the record is, what it is called, and what tells it apart. */
export const recordLine = (kindPath: string, id: string, name: string, note: Html | string = id): Html =>
  html`<li><a href="/${kindPath}/${encodeURIComponent(id)}"><bdi>${name}</bdi></a> <span>${note}</span></li>`;

const list = (heading: string, { lines, total }: Found): Html => html`
  <section class="card">
    <h2>${heading}</h2>
    ${lines.length === 0 ? html`<p>None found.</p>` : html`<ul>${lines}</ul>`}
    ${total > lines.length && lines.length === shownAtOnce && html`<p class="soft">The first ${shownAtOnce}. Search to find others.</p>`}
  </section>
`;

/** The way in: a search box, and the first records of each kind. */
export const listPage = (heading: string, kinds: readonly SubjectKind[], search: string): Html => html`
  <h1>${heading}</h1>
  <form class="card" role="search" action="/">
    <label for="q">Search by name, city, e-mail or ID</label>
    <input id="q" name="q" type="search" value="${search}" dir="auto" />
  </form>
  <div class="columns">${kinds.map((kind) => list(kind.plural, kind.search({ text: search, limit: shownAtOnce })))}</div>
`;
