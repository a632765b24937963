import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { type Product, startProduct } from '../support/product.ts';

describe('in a real browser', () => {
  let product: Product;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    product = await startProduct({ contacts: 200 });
    await product.startApi();
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

  it('an agent clicks Sync now on the form, and a phone number changed in the CRM arrives in Dataverse and on the form', async () => {
    const { crm, dataverse, formUrl } = product.sandbox;
    const before = await dataverse.rowByKey('contacts', 'northwind~100001');
    await crm.patch('people', '100001', { phone: '030-0074399' });
    const page = await openPage(`${formUrl}/contact/${String(before?.contactid)}`);
    const phone = page.locator('[data-column="telephone1"]');
    await phone.getByText('030-0074321').waitFor();
    await page.locator('#control').getByText('In sync').waitFor();

    await page.getByRole('button', { name: 'Sync now' }).click();
    await phone.getByText('030-0074399').waitFor();
    expect(await dataverse.rowByKey('contacts', 'northwind~100001')).toMatchObject({ telephone1: '030-0074399' });
    await page
      .locator('#control')
      .getByText(/1 field updated/i)
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);
});
