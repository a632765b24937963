import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { type Product, startProduct } from '../support/product.ts';

const requestWebhookKey = 'the-key-of-the-service-endpoint';

describe('in a real browser', () => {
  let product: Product;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    product = await startProduct({
      contacts: 200,
      configure: (config) => {
        config.syncRequests = { webhookKey: { env: 'REQUEST_WEBHOOK_KEY' }, pollEvery: '1h' };
      },
      extraEnvironment: { REQUEST_WEBHOOK_KEY: requestWebhookKey },
    });
    await product.startApi();
    const requestWebhook = { url: `${product.apiUrl}/dataverse/sync-requests`, key: requestWebhookKey };
    await product.sandbox.dataverse.setEnvironment({ requestWebhook });
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await product.stop();
  });
  beforeEach(() => problems.splice(0));

  const openPage = async (url: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('http://127.0.0.1:') && !request.url().startsWith('data:')) problems.push(`asked for ${request.url()}`);
    });
    await page.goto(url);
    return page;
  };

  it('an admin starts a full sync from the panel and sees it finish, with numbers that add up', async () => {
    const page = await openPage(`${product.apiUrl}/panel/`);
    await page
      .getByRole('button', { name: /start sync/i })
      .first()
      .click();
    await page.getByRole('dialog').getByText(/^Full/).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^start/i })
      .click();
    await page.getByText('Succeeded', { exact: false }).first().waitFor({ timeout: 30_000 });
    const people = await product.sandbox.crm.count('people');
    expect(await product.sandbox.dataverse.count('contacts')).toBe(people);
    const total = (people + (await product.sandbox.crm.count('companies'))).toLocaleString('en-US');
    await page.getByText(total, { exact: false }).first().waitFor();
    expect(problems).toEqual([]);
    await page.close();
  }, 90_000);

  const control = (page: Page): Locator => page.locator('#control');
  const formOf = async (sourceKey: string, query = ''): Promise<string> => {
    const row = await product.sandbox.dataverse.rowByKey('contacts', sourceKey);
    return `${product.sandbox.formUrl}/contact/${String(row?.contactid)}${query}`;
  };

  it('an agent opens a form, sees that the CRM has changed, clicks Sync now, and the change arrives in Dataverse and on the form', async () => {
    const { crm, dataverse } = product.sandbox;
    await crm.patch('people', '100001', { phone: '030-0074399' });
    const page = await openPage(await formOf('northwind~100001'));
    const phone = page.locator('[data-column="telephone1"]');
    await phone.getByText('030-0074321').waitFor();
    await control(page)
      .getByText(/^Changed in Northwind/)
      .first()
      .waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100001')).toMatchObject({ telephone1: '030-0074321' });

    await page.getByRole('button', { name: 'Sync now' }).click();
    await phone.getByText('030-0074399').waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100001')).toMatchObject({ telephone1: '030-0074399' });
    await control(page)
      .getByText(/1 field updated/i)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('an edit that was not saved is named before a sync would get in its way, and is still on the form afterwards', async () => {
    const { crm, dataverse } = product.sandbox;
    await crm.patch('people', '100002', { phone: '030-0074402' });
    const page = await openPage(await formOf('northwind~100002'));
    await page.getByRole('button', { name: 'Edit Business Phone' }).click();
    await page.getByRole('textbox', { name: 'Business Phone' }).fill('my own note');
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Sync now' }).click();
    await control(page)
      .getByText(/^Northwind Traders CRM has other values for: Business Phone\./)
      .first()
      .waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100002')).not.toMatchObject({ telephone1: '030-0074402' });
    await page.getByRole('button', { name: 'Sync anyway' }).click();
    await control(page)
      .getByText(/1 field updated/i)
      .first()
      .waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100002')).toMatchObject({ telephone1: '030-0074402' });
    expect(await page.locator('[data-column="telephone1"]').textContent()).toBe('my own note');
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('an agent finds the record of a row that is not linked, links the two after a yes, and the form shows what came', async () => {
    const { crm, dataverse, formUrl } = product.sandbox;
    const recordId = await crm.create('people', { full_name: 'Quirin Zeisig', email: 'quirin@zeisig.example', phone: '030-0099001' });
    await dataverse.send('POST', 'contacts', { lastname: 'Zeisig', emailaddress1: 'quirin@zeisig.example' });
    const [row] = await dataverse.rows('contacts', "$filter=emailaddress1 eq 'quirin@zeisig.example'");
    const page = await openPage(`${formUrl}/contact/${String(row?.contactid)}`);

    await page.getByRole('button', { name: 'Find in CRM' }).click();
    await page.getByRole('button', { name: /^Link\s*Quirin Zeisig/ }).click();
    await page.getByRole('button', { name: 'Link and sync' }).click();
    await page.locator('[data-column="telephone1"]').getByText('030-0099001').waitFor();
    expect(await dataverse.rowByKey('contacts', `northwind~${recordId}`)).toMatchObject({
      contactid: row?.contactid,
      telephone1: '030-0099001',
    });
    await control(page)
      .getByText(/updated from Northwind|Created from Northwind/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Sync now' }).isEnabled()).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('through Dataverse, an agent sees the state and syncs, and the browser asks the API nothing', async () => {
    const { crm, dataverse } = product.sandbox;
    await crm.patch('people', '100004', { phone: '030-0074404' });
    const page = await openPage('about:blank');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(await formOf('northwind~100004', '?transport=dataverse'));
    await control(page)
      .getByText(/^Changed in Northwind/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.locator('[data-column="telephone1"]').getByText('030-0074404').waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100004')).toMatchObject({ telephone1: '030-0074404' });
    await control(page)
      .getByText(/1 field updated/i)
      .first()
      .waitFor();
    expect(asked.filter((url) => url.startsWith(product.apiUrl))).toEqual([]);
    expect(asked.some((url) => url.includes('/ccsync_syncrequests'))).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('through Dataverse, an agent without the right to ask is told so, and which role is missing', async () => {
    const stranger = await product.sandbox.signIn('restricted', { audience: product.sandbox.dataverseUrl });
    const page = await openPage('about:blank');
    // The row itself may be read; only the question is asked by somebody whom Dataverse refuses it.
    await page.route('**/ccsync_syncrequests', (route, request) =>
      route.continue({ headers: { ...request.headers(), authorization: `Bearer ${stranger}` } }),
    );
    await page.goto(await formOf('northwind~100005', '?transport=dataverse'));
    await control(page).getByText('You may not see the CRM status', { exact: true }).first().waitFor();
    await control(page)
      .getByText(/in Dataverse: CRM Sync Agent/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Sync now' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Try again' }).isEnabled()).toBe(true);
    // The browser's own line about the refused request; the control says nothing there.
    expect(problems).toEqual([expect.stringContaining('403')]);
    await page.close();
  }, 60_000);

  it.each([
    ['offline', 'offline=1', 'You are offline'],
    ['a row that was not saved', 'new=1', 'This row is not saved yet'],
    ['a read-only form', 'readonly=1', 'You cannot change this row, so you cannot sync it either.'],
    ['a host that tells no row', 'norow=1', 'In sync'],
    ['a column that the person may not read', 'masked=1', 'In sync'],
    ['a host without events', 'noevents=1', 'In sync'],
    ['no API address, neither here nor in the environment', 'noaddress=1', 'Not configured'],
    ['another language, right to left', 'lang=1025', 'محدَّث'],
  ])(
    'on %s the control says what is so',
    async (_condition, query, words) => {
      const page = await openPage(await formOf('northwind~100003', `?${query}`));
      await control(page).getByText(words, { exact: true }).first().waitFor();
      expect(problems).toEqual([]);
      await page.close();
    },
    60_000,
  );
});
