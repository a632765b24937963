import { applyConditions, conditions, hostConditions } from './conditions.js';
import { readManifest, readStrings } from './control-files.js';
import { hostControl } from './control-host.js';
import { galleryStates } from './gallery-states.js';
import { find, html } from './html.js';
import { answerByScript, galleryOrigin } from './scripted-api.js';

/**
 * `/form/gallery`: the real control in every state, side by side. Query, beside the form's own words: `width` = pixels of each (600),
 * `only` = ids, separated by commas. The body says `data-ready` when every state stands.
 */
const widthPx = conditions.widthPx ?? 600;
const only = new URLSearchParams(location.search).get('only')?.split(',');
const shown = galleryStates.filter(({ id }) => !only || only.includes(id));

/** What the sandbox's row would say; the gallery has none. */
const webApi = {
  retrieveRecord: () => Promise.reject(new Error('The gallery has no rows')),
  retrieveMultipleRecords: () => Promise.resolve({ entities: [], nextLink: '' }),
};

/** Until it is there: the faces change after answers, and nobody can say when. @template Found @param {HTMLElement} box @param {() => Found | undefined} look @returns {Promise<Found>} */
const appearing = (box, look) =>
  new Promise((resolve) => {
    const tell = () => {
      const found = look();
      if (found === undefined) return false;
      observer.disconnect();
      resolve(found);
      return true;
    };
    const observer = new MutationObserver(tell);
    if (!tell()) observer.observe(box, { childList: true, subtree: true, attributes: true, characterData: true });
  });

/** @param {HTMLElement} box @param {import('./gallery-states.js').Step} step @param {ReadonlyMap<string, string>} strings */
const take = async (box, step, strings) => {
  if ('type' in step) {
    const input = await appearing(box, () => box.querySelector('input') ?? undefined);
    // The watcher may have found it in the middle of React's drawing; a person types after that.
    await new Promise((resolve) => setTimeout(resolve, 0));
    // As React hears it: by the setter that it has not replaced, and the event of a person's typing.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, step.type);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    return;
  }
  const words = strings.get(`SyncCard_${step.click}`) ?? step.click;
  const button = await appearing(box, () =>
    [...box.querySelectorAll('button')].find(
      (candidate) => candidate.innerText.trim().startsWith(words) && candidate.getAttribute('aria-disabled') !== 'true',
    ),
  );
  button.click();
};

/** @param {import('./gallery-states.js').GalleryState} state @param {HTMLElement} box @param {ReadonlyMap<string, string>} strings */
const play = async (state, box, strings) => {
  const control = await hostControl({
    box,
    host: { ...hostConditions, label: state.title, ...state.host },
    row: { table: 'contact', rowId: '0a6a4d62-0000-4000-8000-0000000000aa' },
    values: {
      sourceKey: 'sf-emea~0035g00000Xa1',
      apiBaseUrl: `${galleryOrigin}/${state.id}`,
      authority: `${galleryOrigin}/${state.id}`,
      transport: 'direct',
      layout: conditions.layout,
      ...state.values,
    },
    webApi,
    onEvent: (event, parameters) => {
      if (event !== 'onBeforeSync') return;
      /** @type {{ reportUnsavedColumns(columns: readonly string[]): void }} */ (parameters).reportUnsavedColumns(state.unsaved ?? []);
    },
  });
  control.show();
  for (const step of state.steps ?? []) await take(box, step, strings);
  // What never answers stays as it is; everything else has come to rest.
  await appearing(box, () => {
    const isWaiting = box.querySelector('[aria-busy="true"]') !== null;
    const waitsForEver = Object.values(state.api ?? {}).includes('never');
    return !isWaiting || waitsForEver ? true : undefined;
  });
};

const start = async () => {
  answerByScript((id) => galleryStates.find((state) => state.id === id)?.api ?? {});
  const strings = await readStrings(await readManifest(), conditions.languageId);
  const tiles = shown.map((state) => {
    const box = html('div', { style: `width: ${state.widthPx ?? widthPx}px; max-width: 100%` });
    return { state, box, tile: html('section', { class: 'tile', 'data-tile': state.id }, html('h2', {}, state.title), box) };
  });
  const page = find('#gallery');
  page.replaceChildren(
    html('h1', {}, 'All states of the control'),
    html(
      'div',
      { class: 'tiles', style: `grid-template-columns: repeat(auto-fill, minmax(min(100%, ${widthPx}px), 1fr))` },
      ...tiles.map(({ tile }) => tile),
    ),
  );
  // One after the other: a state may put the keyboard somewhere, and the page must look the same every time.
  for (const { state, box } of tiles) await play(state, box, strings);
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  window.scrollTo(0, 0);
};

applyConditions();
await start();
find('#gallery').removeAttribute('aria-busy');
document.body.dataset['ready'] = '1';
