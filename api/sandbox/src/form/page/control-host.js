import { createContext } from './control-context.js';
import { readManifest, readStrings } from './control-files.js';
import { conditions } from './conditions.js';

/**
 * Runs the built control in a box of the page, as a model-driven form does.
 * @param {object} options
 * @param {HTMLElement} options.box
 * @param {{ table: string, rowId: string }} options.row
 * @param {() => void} options.onSyncCompleted the form script's handler of the control's event
 * @returns {Promise<{ show(sourceKey: string | null): void, destroy(): void }>}
 */
export const hostControl = async ({ box, row, onSyncCompleted }) => {
  const manifest = await readManifest();
  const strings = await readStrings(manifest, conditions.languageId);
  const Control = window.registeredControls.get(manifest.name);
  if (!Control) throw new Error(`The bundle registered no ${manifest.name}`);

  const control = new Control();
  const handlers = /** @type {Record<string, () => void>} */ ({ onSyncCompleted });
  const events = Object.fromEntries(manifest.events.map((name) => [name, handlers[name] ?? (() => undefined)]));
  let sourceKey = /** @type {string | null} */ (null);
  let tracksWidth = false;

  const context = () =>
    createContext({
      manifest,
      strings,
      row,
      events,
      values: { sourceKey, apiBaseUrl: conditions.apiUrl, authority: `${conditions.authority}?login_hint=${conditions.user}` },
      allocatedWidth: tracksWidth ? box.clientWidth : -1,
      onTrackResize: (tracks) => {
        tracksWidth = tracks;
      },
    });
  const draw = () => window.ReactDOM.render(control.updateView(context()), box);
  const resize = new ResizeObserver(() => tracksWidth && draw());

  let isStarted = false;
  return {
    show: (value) => {
      sourceKey = value;
      if (!isStarted) control.init(context(), () => undefined, {});
      isStarted = true;
      draw();
      resize.observe(box);
    },
    destroy: () => {
      resize.disconnect();
      window.ReactDOM.unmountComponentAtNode(box);
      control.destroy();
    },
  };
};
