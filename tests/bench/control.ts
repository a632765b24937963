import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowserOfPerson } from '../support/browser.ts';
import { startPostgres } from '../support/postgres.mjs';
import { rootFolder } from '../support/ready-process.ts';

/**
 * `npm run bench -- control`: what an agent waits for, on the sample form in a real browser. First from the host's call until the card shows
 * which record of which CRM the row comes from and when it was synced last, which the form's own columns tell, and until it shows the state,
 * which only the API tells; then the answer to `Sync now`, beside what the CRM and Dataverse took of that.
 */
const { values } = parseArgs({
  options: {
    loads: { type: 'string', default: '30' },
    clicks: { type: 'string', default: '50' },
  },
});
const loads = Number(values.loads);
const clicks = Number(values.clicks);
const paintBoundMs = 100;
const addedBoundMs = 20;
/** Compilers, connection pools and what the browser keeps of scripts are cold at first, which a working day is not. */
const warmUps = 5;
const firstPerson = 100_001;

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

const folder = mkdtempSync(join(tmpdir(), 'crm-sync-bench-'));
const requestsFile = join(folder, 'requests');
const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
process.env.TEST_DATABASE_URL = postgres.url;
const { startProduct } = await import('../support/product.ts');
const product = await startProduct({
  contacts: 200,
  extraEnvironment: {
    NODE_OPTIONS: `--import=${new URL('tests/bench/record-requests.mjs', `file://${rootFolder}`).href}`,
    BENCH_REQUESTS_FILE: requestsFile,
  },
});

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** How long at least one of them was under way. */
const covered = (spans: readonly Span[]): number => {
  let untilMs = Number.NEGATIVE_INFINITY;
  let totalMs = 0;
  for (const { startMs, endMs } of spans.toSorted((one, other) => one.startMs - other.startMs)) {
    totalMs += Math.max(0, endMs - Math.max(startMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return totalMs;
};

type SentRequest = Span & { readonly method: string; readonly path: string };

const forgetRequests = (): void => writeFileSync(requestsFile, '');
/** What the API has sent to the CRM and to Dataverse since they were forgotten. */
const sentRequests = (): readonly SentRequest[] =>
  readFileSync(requestsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentRequest);

const percentile = (numbers: readonly number[], share: number): number => {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};
const percentiles = (numbers: readonly number[]): string =>
  `p50 ${percentile(numbers, 0.5).toFixed(1)} ms, p95 ${percentile(numbers, 0.95).toFixed(1)} ms`;

const missed: string[] = [];
const line = (name: string, text: string): void => say(`  ${name.padEnd(46)} ${text}`);
const limit = (name: string, numbers: readonly number[], mostMs: number): void => {
  const isMet = percentile(numbers, 0.95) <= mostMs;
  line(name, `${percentiles(numbers)} (at most ${mostMs} ms) ${isMet ? 'met' : 'MISSED'}`);
  if (!isMet) missed.push(name);
};

/**
 * In the page, before its own scripts: marks when a frame with a text that is awaited has been drawn. The next frame begins only after that,
 * so its beginning is taken. As text, because it runs in the browser, whose types this side does not have. A form that has just opened awaits
 * what its own columns tell, and the record's state.
 */
const watchCard = `
  performance.setResourceTimingBufferSize(1000);
  window.shown = {};
  window.awaitText = (name, words) => {
    window.shown[name] = new Promise((resolve, reject) => {
      awaited.set(name, { words, resolve });
      setTimeout(() => reject(new Error('the card does not show ' + words)), 30_000);
    });
  };
  const awaited = new Map();
  window.awaitText('record', /Northwind.*1000\\d\\d.*synced \\S/);
  window.awaitText('state', /In sync|Changed in/);
  const look = () => {
    const text = document.querySelector('#control')?.textContent ?? '';
    for (const [name, { words, resolve }] of awaited) {
      if (!words.test(text)) continue;
      awaited.delete(name);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
  window.addEventListener('click', () => { window.clickedMs = performance.now(); }, true);
`;

/** Of the newest request to a path that ends so, in the page's own time; a preflight belongs to the request. */
const spanOf = (page: Page, method: 'status' | 'sync' | 'sign-in'): Promise<Span> =>
  page.evaluate(`(() => {
    const paths = { status: /\\/api\\/records\\/[^?]*(?<!\\/sync|\\/check)$/, sync: /\\/api\\/records\\/.*\\/sync$/, 'sign-in': /\\/sandbox\\/sign-in$/ };
    const found = performance.getEntriesByType('resource').filter(({ name }) => paths[${JSON.stringify(method)}].test(name)).pop();
    if (!found) throw new Error('the page has sent no such request');
    return { startMs: found.startTime, endMs: found.responseEnd };
  })()`);
const shownAt = (page: Page, name: string): Promise<number> => page.evaluate<number>(`window.shown[${JSON.stringify(name)}]`);
/** The least that any answer of the API takes on its way to the page: the baseline. */
const askNothing = `(async () => {
  const startMs = performance.now();
  const response = await fetch(${JSON.stringify(product.apiUrl)} + '/api/client-configuration');
  await response.text();
  return performance.now() - startMs;
})()`;
const tookMs = ({ startMs, endMs }: Span): number => endMs - startMs;

const formOf = async (recordId: string): Promise<string> => {
  const row = await product.sandbox.dataverse.rowByKey('contacts', `northwind~${recordId}`);
  return `${product.sandbox.formUrl}/contact/${String(row?.contactid)}`;
};

const context = await openBrowserOfPerson(join(folder, 'browser'));
try {
  await product.startApi();
  await product.run({ mode: 'full' });
  await context.addInitScript(watchCard);

  const paintMs: number[] = [];
  const stateMs: number[] = [];
  let firstPaintMs = Number.NaN;
  const statusMs: number[] = [];
  const signInMs: number[] = [];
  const ownMs: number[] = [];
  for (let load = -warmUps; load < loads; load += 1) {
    const page = await context.newPage();
    await page.goto(await formOf(String(firstPerson + ((load + warmUps) % 40))));
    const [recordMs, endMs] = [await shownAt(page, 'record'), await shownAt(page, 'state')];
    const calledMs = await page.evaluate<number>(`performance.getEntriesByName('control-called')[0].startTime`);
    const [status, signIn] = [await spanOf(page, 'status'), await spanOf(page, 'sign-in')];
    await page.close();
    if (load === -warmUps) firstPaintMs = recordMs - calledMs;
    if (load < 0) continue;
    paintMs.push(recordMs - calledMs);
    stateMs.push(endMs - calledMs);
    statusMs.push(tookMs(status));
    signInMs.push(tookMs(signIn));
    ownMs.push(endMs - calledMs - tookMs(status) - tookMs(signIn));
  }

  const emptyMs: number[] = [];
  const addedMs: number[] = [];
  const answerMs: number[] = [];
  const serversMs: number[] = [];
  const clickToCardMs: number[] = [];
  let requests: readonly SentRequest[] = [];
  const person = String(firstPerson);
  const page = await context.newPage();
  await page.goto(await formOf(person));
  await shownAt(page, 'state');
  for (let click = -warmUps; click < clicks; click += 1) {
    const name = `click ${click}`;
    const phone = `030-${String(5_000_000 + click)}`;
    await product.sandbox.crm.patch('people', person, { phone });
    await page.evaluate(`window.awaitText(${JSON.stringify(name)}, new RegExp(${JSON.stringify(phone)}))`);
    // What a check has asked the CRM would be counted as the sync's.
    await page.waitForLoadState('networkidle');
    const bareMs = await page.evaluate<number>(askNothing);
    forgetRequests();
    await page.getByRole('button', { name: 'Sync now' }).click();
    const endMs = await shownAt(page, name);
    const answer = await spanOf(page, 'sync');
    const sent = sentRequests();
    await page.locator('[data-column="telephone1"]').getByText(phone).waitFor();
    if (click < 0) continue;
    if (sent.length === 0) throw new Error('the API has asked neither the CRM nor Dataverse');
    requests = sent;
    emptyMs.push(bareMs);
    answerMs.push(tookMs(answer));
    serversMs.push(covered(sent));
    addedMs.push(tookMs(answer) - covered(sent));
    clickToCardMs.push(endMs - (await page.evaluate<number>('window.clickedMs')));
  }

  say(`The sample form opened ${loads} times, in Chromium on this machine`);
  limit('the host calls, and the card shows the record', paintMs, paintBoundMs);
  line('  the very first time in a new browser', `${firstPaintMs.toFixed(1)} ms`);
  line('the host calls, and the card shows its state', percentiles(stateMs));
  line('  of that the sign-in', percentiles(signInMs));
  line('  of that the answer of the API', percentiles(statusMs));
  line('  of that the control and the browser', percentiles(ownMs));
  say();
  say(`Sync now clicked ${clicks} times, with a telephone number that has changed`);
  line('from the click to what has changed, on the card', percentiles(clickToCardMs));
  line('the answer of the API, as the control sees it', percentiles(answerMs));
  line('  of that the CRM and Dataverse', percentiles(serversMs));
  const firstMs = Math.min(...requests.map(({ startMs }) => startMs));
  for (const { method, path, startMs, endMs } of requests)
    line('', `the last time from ${(startMs - firstMs).toFixed(1)} to ${(endMs - firstMs).toFixed(1)} ms: ${method} ${path}`);
  line('a question that needs neither nor the store', percentiles(emptyMs));
  limit('added by us to the CRM and Dataverse', addedMs, addedBoundMs);
  if (missed.length > 0) say(`\nMissed: ${missed.length}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await context.close();
  await product.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
