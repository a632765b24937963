import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';

/** Looks at a page from inside. As text, because these few lines run in the browser, whose types this side of the tests does not have. */

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, one line each, with where. Only that is brought over: all that axe looked at would be megabytes. */
export const violationsOn = async (page: Page, within = 'body'): Promise<readonly string[]> => {
  await page.evaluate(axeSource);
  // What is still fading in has other colours than it will have.
  await page.evaluate(
    'Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations < 100).map((one) => one.finished))',
  );
  return page.evaluate(`axe.run(${JSON.stringify(within)}, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' at ' + node.target.join(' ') + ': ' + (node.failureSummary ?? ''))))`);
};

/** Ids of the gallery's tiles whose card is wider than its place, or whose words run out of it. */
export const overflowingTiles = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('[data-tile]')]
    .filter((tile) => {
      const card = tile.querySelector('section');
      const place = card?.parentElement?.parentElement;
      return !card || !place || card.scrollWidth > card.clientWidth + 1 || card.offsetWidth > place.offsetWidth + 1;
    })
    .map((tile) => tile.dataset.tile)`);

export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

export const hasFocus = async (element: Locator): Promise<boolean> => (await element.and(element.page().locator(':focus')).count()) === 1;

/** Of each tile of the gallery: all its words, and its buttons by their names, in order. */
export const readFaces = (page: Page): Promise<Readonly<Record<string, { readonly words: string; readonly buttons: readonly string[] }>>> =>
  page.evaluate(`Object.fromEntries([...document.querySelectorAll('[data-tile]')].map((tile) => [tile.dataset.tile, {
    words: tile.innerText.replace(/\\s+/g, ' '),
    buttons: [...tile.querySelectorAll('button')].map((button) => (button.ariaLabel ?? button.innerText).replace(/\\s+/g, ' ').trim()),
  }]))`);
