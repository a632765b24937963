import { type Crm } from '../crm.ts';
import { type Company, type Person } from '../types.ts';
import { type Html, html } from './html.ts';

const shownAtOnce = 50;

const plainLetters = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

const contains = (wanted: string, ...texts: readonly (string | null | undefined)[]): boolean =>
  texts.some((text) => text !== null && text !== undefined && plainLetters(text).includes(wanted));

export const companyLine = (company: Company): Html =>
  html`<li><a href="/companies/${encodeURIComponent(company.id)}"><bdi>${company.name}</bdi></a> <span>${company.id}</span></li>`;

export const personLine = (person: Person): Html =>
  html`<li>
    <a href="/people/${person.id}"><bdi>${person.full_name}</bdi></a> <span>${person.title && html`<bdi>${person.title}</bdi>, `}${person.id}</span>
  </li>`;

const list = (heading: string, lines: readonly Html[], total: number): Html => html`
  <section class="card">
    <h2>${heading}</h2>
    ${lines.length === 0 ? html`<p>None found.</p>` : html`<ul>${lines}</ul>`}
    ${total > lines.length && lines.length === shownAtOnce && html`<p class="soft">The first ${shownAtOnce}. Search to find others.</p>`}
  </section>
`;

/** The way in: a search box, the first companies and the first people. */
export const listPage = (crm: Crm, search: string): Html => {
  const wanted = plainLetters(search.trim());
  const limit = shownAtOnce;
  const companies = crm.companies.search({ limit, isWanted: ({ id, name, city }) => contains(wanted, id, name, city) });
  const people = crm.people.search({ limit, isWanted: ({ id, full_name, email, city }) => contains(wanted, id, full_name, email, city) });
  const totals = { offset: 0, limit: 0, includeDeleted: false };
  return html`
    <h1>Companies and people</h1>
    <form class="card" role="search" action="/">
      <label for="q">Search by name, city, e-mail or ID</label>
      <input id="q" name="q" type="search" value="${search}" dir="auto" />
    </form>
    <div class="columns">
      ${list('Companies', companies.map(companyLine), crm.companies.page(totals).total)}
      ${list('People', people.map(personLine), crm.people.page(totals).total)}
    </div>
  `;
};
