/** The HTML around the sample app's scripts. Everything a person sees of a row is put in by the scripts, as text. */

export interface FormSettings {
  /** The sandbox's sign-in, e.g. http://127.0.0.1:4530. */
  readonly issuerUrl: string;
  /** Our API, which the control on the form asks. */
  readonly apiUrl: string;
  readonly tenantId: string;
}

/** As strict as Power Apps' own strict mode: no inline and no foreign script. Styles are inline because Fluent 8 writes them so. */
export const contentSecurityPolicy = ({ issuerUrl, apiUrl }: FormSettings): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(apiUrl).origin} ${new URL(issuerUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const page = (settings: FormSettings, title: string, content: string, scripts: string): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/form/page/form.css">
  ${scripts}
</head>
<body data-issuer-url="${escapeHtml(settings.issuerUrl)}" data-api-url="${escapeHtml(settings.apiUrl)}" data-tenant-id="${escapeHtml(settings.tenantId)}">
  <header class="app-bar"><a href="/form" data-keep-query><strong>Customer Service</strong> sandbox</a><span id="person"></span></header>
  ${content}
  <noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;

export const listPage = (settings: FormSettings): string =>
  page(
    settings,
    'Customers · sandbox',
    `<main class="page" id="list" aria-busy="true"></main>`,
    `<script type="module" src="/form/page/list.js"></script>`,
  );

/** Classic scripts run in this order, and before the module: the control's bundle finds React, Fluent and the registry in place. */
const hostingScripts = (module: string): string =>
  [
    'page/fabric-config.js',
    'platform/react.js',
    'platform/react-dom.js',
    'platform/fluent.js',
    'page/control-registry.js',
    'solution/form-events.js',
    'control/bundle.js',
  ]
    .map((path) => `<script defer src="/form/${path}"></script>`)
    .concat(`<script type="module" src="/form/page/${module}.js"></script>`)
    .join('\n  ');

export const formPage = (settings: FormSettings): string =>
  page(settings, 'Row · sandbox', `<main class="page" id="form" aria-busy="true"></main>`, hostingScripts('form'));

/** The control in every state, answered by a script in the page: no row, no API and no sign-in is asked. */
export const galleryPage = (settings: FormSettings): string =>
  page(settings, 'All states · sandbox', `<main class="page" id="gallery" aria-busy="true"></main>`, hostingScripts('gallery'));

export const notBuiltPage = (settings: FormSettings): string =>
  page(
    settings,
    'The control is not built',
    `<main class="page"><div class="sheet"><h1>The control is not built</h1>
    <p>This page hosts the real bundle from <code>pcf-control/out/controls/SourceCrmSync</code>, and there is none yet.</p>
    <p>Stop the sandbox and start it with <code>npm run demo</code>, which builds it.</p></div></main>`,
    '',
  );
