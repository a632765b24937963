import { type Html, html } from './html.ts';

export interface Brand {
  readonly name: string;
  /** What the list of all records is called, e.g. `Companies and people`. */
  readonly records: string;
}

export interface LayoutOptions {
  readonly brand: Brand;
  readonly title: string;
  readonly body: Html;
  /** CRM Sync's panel, when it is known. */
  readonly apiUrl?: string;
}

/** What every page of a CRM has around it. No script, and nothing from another host. */
export const layout = ({ brand, title, body, apiUrl }: LayoutOptions): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – ${brand.name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/crm.css" />
      </head>
      <body>
        <header>
          <strong>${brand.name}</strong>
          <nav aria-label="Main"><a href="/">${brand.records}</a></nav>
          ${apiUrl === undefined ? '' : html`<a href="${apiUrl}">CRM Sync control panel</a>`}
        </header>
        <main>${body}</main>
      </body>
    </html>`.text;
