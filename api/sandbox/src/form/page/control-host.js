import { createContext } from './control-context.js';
import { readManifest, readStrings } from './control-files.js';

/**
 * Runs the built control in a box of the page, as a model-driven form does.
 * @param {object} options
 * @param {HTMLElement} options.box
 * @param {import('./conditions.js').HostConditions} options.host
 * @param {{ table: string, rowId: string }} options.row
 * @param {Record<string, import('./control-context.js').PropertyValue>} options.values of the control's properties
 * @param {object} options.webApi
 * @param {(event: string, parameters: unknown) => void} options.onEvent what the control raises, for the form script
 * @returns {Promise<{ show(values?: Record<string, import('./control-context.js').PropertyValue>): void, destroy(): void }>} `show` draws, with further values
 */
export const hostControl = async ({ box, host, row, values, webApi, onEvent }) => {
  const manifest = await readManifest();
  const strings = await readStrings(manifest, host.languageId);
  const Control = window.registeredControls.get(manifest.name);
  if (!Control) throw new Error(`The bundle registered no ${manifest.name}`);

  const control = new Control();
  const events = Object.fromEntries(
    manifest.events.map((name) => [name, (/** @type {unknown} */ parameters) => onEvent(name, parameters)]),
  );
  let shownValues = values;
  let tracksWidth = false;

  const context = () =>
    createContext({
      manifest,
      strings,
      host,
      row,
      webApi,
      events,
      // A host shows no value to somebody who may not read it.
      values: host.isMasked ? { ...shownValues, sourceKey: null } : shownValues,
      allocatedWidth: tracksWidth ? box.clientWidth : -1,
      onTrackResize: (tracks) => {
        tracksWidth = tracks;
      },
    });
  const draw = () => window.ReactDOM.render(control.updateView(context()), box);
  const resize = new ResizeObserver(() => tracksWidth && draw());

  let isStarted = false;
  return {
    show: (changed = {}) => {
      shownValues = { ...shownValues, ...changed };
      if (!isStarted) {
        performance.mark('control-called');
        control.init(context(), () => undefined, {});
      }
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
