import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { attachForm } from '../../api/sandbox/src/form/routes.ts';
import { openBrowser } from '../support/browser.ts';
import { hasFocus, overflowingTiles, readFaces, scrollsSideways, violationsOn } from './support/look.ts';

/** The built control in every state, in a real browser: what an agent sees, hears and can do in each. */

let app: FastifyInstance;
let browser: Browser;
let address: string;
const noise: string[] = [];

beforeAll(async () => {
  app = Fastify();
  attachForm(app, { issuerUrl: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9', tenantId: 'tenant' });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

const openGallery = async (query: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-US',
    ...options,
  });
  const page = await context.newPage();
  page.on('console', (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${address}/`) && !request.url().startsWith('data:')) noise.push(`asked for ${request.url()}`);
  });
  await page.goto(`${address}/form/gallery${query}`);
  await page.locator('body[data-ready]').waitFor({ timeout: 60_000 });
  return page;
};

const tile = (page: Page, id: string): Locator => page.locator(`[data-tile="${id}"]`);

/** State → what stands there, and which buttons there are (in order). */
const faces: readonly (readonly [id: string, words: string, buttons: readonly string[]])[] = [
  ['no-address', 'The API address of this control is missing', []],
  ['no-sign-in', 'The sign-in authority of this control is missing', []],
  ['no-table', 'must be account or contact', []],
  ['unsaved', 'Save it to see its CRM record.', []],
  ['in-sync', 'In sync', ['Copy link', 'Sync now']],
  ['in-sync-full', 'Last change in Salesforce', ['Copy link', 'Sync now']],
  ['checking', 'checking…', ['Copy link', 'Sync now']],
  ['check-failed', 'could not be checked just now', ['Copy link', 'Sync now']],
  ['out-of-date', 'Changed in Salesforce 5 minutes ago', ['Copy link', 'Sync now']],
  ['syncing', 'Syncing…', ['Copy link', 'Cancel', 'Syncing…']],
  ['changed', '3 fields updated from Salesforce', ['Copy link', 'Sync now', 'Dismiss']],
  ['created', 'Created from Salesforce', ['Copy link', 'Sync now', 'Dismiss']],
  ['unchanged', 'Already up to date', ['Copy link', 'Sync now', 'Dismiss']],
  ['stale', 'is older than this row', ['Copy link', 'Sync now', 'Dismiss']],
  ['filtered', 'left out by the mapping', ['Copy link', 'Sync now', 'Dismiss']],
  ['cancelled', 'If the sync had already begun, it still finishes.', ['Copy link', 'Sync now', 'Dismiss']],
  ['overwrite', 'Salesforce has other values for: Mobile Phone, City.', ['Copy link', 'Sync now', 'Sync anyway', 'Cancel']],
  ['failed', 'Shorten it in the CRM', ['Copy link', 'Try again']],
  ['sync-failed', 'Reference 01JDEMO7K3', ['Copy link', 'Try again']],
  ['parked', 'The account of this contact has not arrived yet', ['Copy link', 'Sync now']],
  ['removed', 'The record no longer exists there', ['Copy link', 'Sync now']],
  ['read-only', 'You cannot change this row', ['Copy link']],
  ['forbidden', 'You may not see the CRM status', ['Try again']],
  ['not-found', 'There is no such row, or you may not read it', ['Try again']],
  ['signed-out', 'You are signed out', ['Try again']],
  ['offline', 'You are offline', []],
  ['unreachable', 'CRM Sync cannot be reached', ['Try again']],
  ['no-answer', 'CRM Sync did not answer in time', ['Try again']],
  ['other-problem', 'CRM Sync cannot reach its database', ['Try again']],
  ['several', 'Also linked to', ['Copy link', 'Sync now', 'Copy link']],
  ['not-linked', 'Find its record in the CRM', ['Find in CRM']],
  ['not-linkable', 'The link appears when a sync brings the record', []],
  ['searching', 'Searching…', ['Close', 'Search']],
  ['found', '3 records found', ['Close', 'Search', 'Link Anna Lindqvist, Salesforce', 'Link Anna Lindquist, ServiceNow']],
  ['found-some', 'Could not be searched just now: Zendesk', ['Close', 'Search', 'Link Anna Lindqvist, Salesforce']],
  ['found-none', 'No record found', ['Close', 'Search']],
  ['find-failed', 'The CRM is limiting us', ['Close', 'Search']],
  ['confirm', 'Link this row to Anna Lindqvist in Salesforce?', ['Close', 'Link and sync', 'Back']],
  ['confirm-unsaved', 'You have edits on this form that are not saved', ['Close', 'Link and sync', 'Back']],
  ['linking', 'Linking…', ['Close', 'Linking…', 'Cancel']],
  ['link-failed', 'Another row is linked to this record', ['Close', 'Link and sync', 'Back']],
  ['linked', '3 fields updated from Salesforce', ['Copy link', 'Sync now', 'Dismiss']],
  ['narrow', 'In sync', ['Sync now', 'CRM record details']],
  ['narrow-out-of-date', 'Changed in Salesforce', ['Sync now', 'CRM record details']],
];

describe('the control in every state', () => {
  let page: Page;
  beforeAll(async () => {
    page = await openGallery('');
  }, 90_000);
  afterAll(() => page.context().close());

  it('says what is, and offers the next step and no other', async () => {
    const there = await readFaces(page);
    const shown = faces.map(([id, words]) => {
      const face = there[id];
      return [id, face?.words.includes(words) ? words : face?.words, face?.buttons];
    });
    expect(shown).toEqual(faces);
  });

  it('tells a wait that has become long, while it goes on waiting', async () => {
    await tile(page, 'loading').getByText('Still waiting for CRM Sync', { exact: true }).waitFor();
    await tile(page, 'syncing')
      .getByText('The CRM takes its time. You can go on working; the result will appear here.', { exact: true })
      .waitFor();
    expect(await tile(page, 'syncing').getByRole('button', { name: 'Cancel' }).isVisible()).toBe(true);
  });

  it('lets nothing of a CRM’s data become markup, a script or a link', async () => {
    expect(await page.evaluate(`'hacked' in window`)).toBe(false);
    expect(await page.locator('[data-tile^="hostile"] img').count()).toBe(0);
    expect(await page.locator('[href^="javascript"]').count()).toBe(0);
    // It is there, as text: the test would prove nothing of data that was not shown.
    expect(await tile(page, 'hostile-markup').getByText('<script>window.hacked=true</script>').count()).toBeGreaterThan(3);
  });

  it('opens a record in a new tab that cannot reach back', async () => {
    const link = tile(page, 'in-sync').getByRole('link', { name: /Open in Salesforce/ });
    expect(await link.getAttribute('href')).toBe('https://crm.example/0035g00000Xa1QqAAJ');
    expect(await link.getAttribute('rel')).toContain('noopener');
  });

  it('keeps every word inside the card, however long or mixed', async () => {
    expect(await overflowingTiles(page)).toEqual([]);
  });

  it('is free of accessibility faults in the light theme', async () => {
    expect(await violationsOn(page)).toEqual([]);
  });

  it('shows the exact time to the keyboard too', async () => {
    await tile(page, 'in-sync').locator('time').first().focus();
    await page.locator('.ms-Tooltip-content').waitFor();
    await page.keyboard.press('Escape');
  });

  it('has on a phone targets that a finger hits', async () => {
    for (const name of ['Sync now', 'Copy link']) {
      const box = await tile(page, 'phone').getByRole('button', { name }).boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  });

  it('is worked by the keyboard alone: sync, read, dismiss, and back at the button', async () => {
    const sync = tile(page, 'unchanged').getByRole('button', { name: 'Sync now' });
    await sync.focus();
    await page.keyboard.press('Enter');
    await tile(page, 'unchanged').getByRole('button', { name: 'Dismiss' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tile(page, 'unchanged').getByRole('button', { name: 'Dismiss' }).waitFor({ state: 'detached' });
    expect(await hasFocus(sync)).toBe(true);
  });

  it('keeps the rest in a callout where it is narrow, which opens and closes by the keyboard', async () => {
    const more = tile(page, 'narrow').getByRole('button', { name: 'CRM record details' });
    await more.focus();
    await page.keyboard.press('Enter');
    const callout = page.getByRole('dialog', { name: 'CRM record details' });
    await callout.getByText('0035g00000Xa1QqAAJ').first().waitFor();
    expect(await violationsOn(page, '.ms-Callout')).toEqual([]);
    await page.keyboard.press('Escape');
    await callout.waitFor({ state: 'detached' });
    expect(await hasFocus(more)).toBe(true);
  });

  it('opens that callout by itself when a sync has news', async () => {
    await tile(page, 'narrow').getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('dialog', { name: 'CRM record details' }).getByText('3 fields updated from Salesforce').waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('the control under other conditions', () => {
  it.each([
    ['dark, right to left, narrow columns', '?theme=dark&lang=1025&width=280', {}],
    ['high contrast, wide columns, full layout', '?lang=1049&width=1220&layout=full', { forcedColors: 'active' }],
    // Half the width in CSS pixels is what 200 % zoom leaves of a page.
    ['light, at 200 % zoom', '?lang=1041', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
  ] as const)(
    '%s: free of accessibility faults, and nothing runs out of its card',
    async (_name, query, options) => {
      const page = await openGallery(query, options);
      expect(await violationsOn(page)).toEqual([]);
      expect(await overflowingTiles(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.context().close();
    },
    90_000,
  );
});

it('writes nothing to the console and asks nobody else, in any of this', () => {
  expect(noise).toEqual([]);
});
