import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** The Chrome, Edge or Chromium of this machine, without its own calls home. */
const options = {
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Without a window; each of its contexts is as a private window, which keeps nothing. */
export const openBrowser = (): Promise<Browser> => chromium.launch(options);

/** As somebody's own browser: it keeps the scripts that it has fetched, and what it has compiled of them, in this folder. */
export const openBrowserOfPerson = (profileFolder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profileFolder, { ...options, viewport: { width: 1280, height: 900 } });
