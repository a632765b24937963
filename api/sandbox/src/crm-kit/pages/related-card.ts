import { type Html, html } from './html.ts';

/** Records that belong to the one on the page. */
export const relatedCard = (heading: string, lines: readonly Html[], whenNone: string): Html => html`
  <section class="card">
    <h2>${heading}</h2>
    ${lines.length === 0 ? html`<p>${whenNone}</p>` : html`<ul>${lines}</ul>`}
  </section>
`;
