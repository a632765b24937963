// Runs before Fluent loads: without it Fluent fetches its fonts and icons from Microsoft's CDN. A file of its own, because the
// content security policy allows no inline script.
window.FabricConfig = { fontBaseUrl: '', iconBaseUrl: '' };
