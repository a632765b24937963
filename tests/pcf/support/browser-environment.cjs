// jsdom has no fetch. Node's is put in whole, with the abort classes that it insists on: its Request refuses jsdom's signals.
const { TestEnvironment } = require('jest-environment-jsdom');

module.exports = class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Request, Response, Headers, AbortController, AbortSignal, TextDecoder, ReadableStream });
  }
};
