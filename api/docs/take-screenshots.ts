import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../tests/support/browser.ts';
import { type Product, startProduct } from '../../tests/support/product.ts';

/** Makes the pictures of the README and of the guides anew, from the product itself: `node api/docs/take-screenshots.ts` after `npm run demo` has built the faces. */
const folder = fileURLToPath(new URL('images/', import.meta.url));
const width = 1280;

const openPage = async (browser: Browser, { url, height }: { readonly url: string; readonly height: number }): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-US' });
  await page.goto(url);
  return page;
};

/** One that the next full run must write, and two that cannot be written: a last name of 60 letters, an e-mail that Dataverse refuses. */
const changeRecords = async ({ sandbox: { crm } }: Product): Promise<void> => {
  for (let id = 100_003; id <= 100_042; id += 1) await crm.patch('people', String(id), { mobile: `+49 30 00${id}` });
  await crm.patch('people', '100010', { full_name: 'A'.repeat(60) });
  await crm.patch('people', '100020', { email: 'no-at-sign' });
};

const takePanel = async (product: Product, browser: Browser): Promise<void> => {
  await changeRecords(product);
  const { id } = await product.run({ mode: 'full' });
  const page = await openPage(browser, { url: `${product.apiUrl}/panel/#/runs/${id}`, height: 760 });
  await page.getByText('Finished with failures').first().waitFor();
  await page.screenshot({ path: `${folder}panel.png` });
};

const takeForm = async ({ sandbox: { crm, dataverse, formUrl } }: Product, browser: Browser): Promise<void> => {
  const row = await dataverse.rowByKey('contacts', 'northwind~100001');
  await crm.patch('people', '100001', { phone: '030-0074399' });
  const page = await openPage(browser, { url: `${formUrl}/contact/${String(row?.contactid)}`, height: 760 });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await page.locator('[data-column="telephone1"]').getByText('030-0074399').waitFor();
  // Without the pointer's shade and the focus ring on the button.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}form.png` });
};

/** The pictures of the guide to the agent's control. `light` and so on are the files' names. */
const some =
  'only=in-sync-full,out-of-date,syncing,changed,overwrite,sync-failed,removed,read-only,offline,several,not-linked,found,confirm,narrow';
const galleries = {
  light: { query: '', options: {} },
  dark: { query: `?theme=dark&lang=1025&width=280&${some}`, options: {} },
  contrast: { query: `?lang=1031&${some}`, options: { forcedColors: 'active' } },
} as const;

const takeGalleries = async ({ sandbox: { formUrl } }: Product, browser: Browser): Promise<void> => {
  for (const [name, { query, options }] of Object.entries(galleries)) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce', locale: 'en-US', ...options });
    await page.goto(`${formUrl}/gallery${query}`);
    await page.locator('body[data-ready]').waitFor({ timeout: 60_000 });
    await page.screenshot({ path: `${folder}control-${name}.png`, fullPage: true });
    await page.close();
  }
};

mkdirSync(folder, { recursive: true });
// Where tests prepare an embedded database; under jest its own set-up gives and removes the folder.
const preparedFolder = mkdtempSync(join(tmpdir(), 'crm-sync-prepared-'));
process.env.TEST_PREPARED_FOLDER = preparedFolder;
const product = await startProduct({ store: 'embedded', accounts: 40, contacts: 400 });
const browser = await openBrowser();
try {
  await product.startApi();
  await product.run({ mode: 'full' });
  await takeForm(product, browser);
  await takeGalleries(product, browser);
  await takePanel(product, browser);
} finally {
  await browser.close();
  await product.stop();
  rmSync(preparedFolder, { recursive: true, force: true });
}
