import { conditions } from './conditions.js';
import { webApi } from './dataverse.js';
import { darkTokens } from './dark-tokens.js';

const languageTags = /** @type {Record<number, string>} */ ({
  1033: 'en-US',
  1031: 'de-DE',
  1049: 'ru-RU',
  1036: 'fr-FR',
  3082: 'es-ES',
  1041: 'ja-JP',
  1025: 'ar-SA',
});
const languageTag = languageTags[conditions.languageId] ?? 'en-US';

/** @param {Date} date @param {boolean} [includeTime] */
const formatDateShort = (date, includeTime = false) =>
  new Intl.DateTimeFormat(languageTag, { dateStyle: 'short', ...(includeTime ? { timeStyle: 'short' } : {}) }).format(date);

/**
 * Like the platform: what the manifest does not declare may be there, but throws when used.
 * @template {object} Api @param {string} feature @param {Api} api @param {readonly string[]} declared
 */
const guarded = (feature, api, declared) =>
  declared.includes(feature)
    ? api
    : new Proxy(api, {
        get() {
          throw new Error(`Feature ${feature} is required to be specified in the manifest`);
        },
      });

/**
 * The ComponentFramework context, as far as a control for one field of a form can ask for it.
 * @param {object} options
 * @param {import('./control-files.js').ControlManifest} options.manifest
 * @param {ReadonlyMap<string, string>} options.strings
 * @param {Record<string, string | null>} options.values of the manifest's properties
 * @param {{ table: string, rowId: string }} options.row
 * @param {Record<string, (parameters?: unknown) => void>} options.events
 * @param {number} options.allocatedWidth
 * @param {(tracks: boolean) => void} options.onTrackResize
 */
export const createContext = ({ manifest, strings, values, row, events, allocatedWidth, onTrackResize }) => ({
  parameters: Object.fromEntries(
    manifest.properties.map((name) => [
      name,
      {
        raw: values[name] ?? null,
        formatted: values[name] ?? '',
        type: 'SingleLine.Text',
        error: false,
        errorMessage: '',
        security: { editable: true, readable: true, secured: false },
      },
    ]),
  ),
  mode: {
    allocatedWidth,
    allocatedHeight: -1,
    isControlDisabled: false,
    isVisible: true,
    label: '',
    trackContainerResize: onTrackResize,
    setControlState: () => true,
    setFullScreen: () => undefined,
    // Undocumented, and given by every model-driven form.
    contextInfo: { entityTypeName: row.table, entityId: row.rowId },
  },
  userSettings: {
    userId: '',
    userName: conditions.userName,
    languageId: conditions.languageId,
    isRTL: conditions.isRightToLeft,
    securityRoles: [],
    getTimeZoneOffsetMinutes: (/** @type {Date} */ date = new Date()) => -date.getTimezoneOffset(),
  },
  resources: { getString: (/** @type {string} */ key) => strings.get(key) ?? key, getResource: () => undefined },
  webAPI: guarded('WebAPI', webApi, manifest.features),
  navigation: { openUrl: (/** @type {string} */ url) => void window.open(url, '_blank', 'noopener,noreferrer') },
  client: {
    getClient: () => 'Web',
    getFormFactor: () => 1,
    isOffline: () => false,
    isNetworkAvailable: () => navigator.onLine,
    disableScroll: false,
  },
  formatting: { formatDateShort },
  fluentDesignLanguage: conditions.isDark ? { tokenTheme: darkTokens, isDarkTheme: true } : undefined,
  events,
  updatedProperties: [],
});
