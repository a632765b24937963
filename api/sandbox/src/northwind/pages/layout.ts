import { type Html, html } from './html.ts';

export interface LayoutOptions {
  readonly title: string;
  readonly body: Html;
  /** CRM Sync's panel, when it is known. */
  readonly apiUrl?: string;
}

/** What every page of the CRM has around it. No script, and nothing from another host. */
export const layout = ({ title, body, apiUrl }: LayoutOptions): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Northwind Traders CRM</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/northwind.css" />
      </head>
      <body>
        <header>
          <strong>Northwind Traders CRM</strong>
          <nav aria-label="Main"><a href="/">Companies and people</a></nav>
          ${apiUrl === undefined ? '' : html`<a href="${apiUrl}">CRM Sync control panel</a>`}
        </header>
        <main>${body}</main>
      </body>
    </html>`.text;
