// Before Fluent loads, or it asks a CDN for dozens of fonts; the sandbox asks nobody.
window.FabricConfig = { fontBaseUrl: '', iconBaseUrl: '' };
