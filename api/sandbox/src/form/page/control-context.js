import { languages } from './conditions.js';
import { darkTokens } from './dark-tokens.js';

/** @param {number} languageId */
const formatDateShortIn =
  (languageId) =>
  (/** @type {Date} */ date, includeTime = false) =>
    new Intl.DateTimeFormat(languages[languageId]?.tag ?? 'en-US', {
      dateStyle: 'short',
      ...(includeTime ? { timeStyle: 'short' } : {}),
    }).format(date);

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

/** @typedef {string | Date | null} PropertyValue */

/**
 * The ComponentFramework context, as far as a control for one field of a form can ask for it.
 * @param {object} options
 * @param {import('./control-files.js').ControlManifest} options.manifest
 * @param {ReadonlyMap<string, string>} options.strings
 * @param {Record<string, PropertyValue>} options.values of the manifest's properties
 * @param {import('./conditions.js').HostConditions} options.host
 * @param {{ table: string, rowId: string }} options.row
 * @param {object} options.webApi
 * @param {Record<string, (parameters?: unknown) => void>} options.events
 * @param {number} options.allocatedWidth
 * @param {(tracks: boolean) => void} options.onTrackResize
 */
export const createContext = ({ manifest, strings, values, host, row, webApi, events, allocatedWidth, onTrackResize }) => ({
  parameters: Object.fromEntries(
    manifest.properties.map((name) => [
      name,
      {
        raw: values[name] ?? null,
        formatted: String(values[name] ?? ''),
        type: values[name] instanceof Date ? 'DateAndTime.DateAndTime' : 'SingleLine.Text',
        error: false,
        errorMessage: '',
        security: { editable: !host.isReadOnly, readable: !host.isMasked, secured: host.isMasked },
      },
    ]),
  ),
  mode: {
    allocatedWidth,
    allocatedHeight: -1,
    isControlDisabled: host.isReadOnly,
    isVisible: !host.isHidden,
    label: host.label,
    trackContainerResize: onTrackResize,
    setControlState: () => true,
    setFullScreen: () => undefined,
    // Undocumented, and given by every model-driven form.
    ...(host.hidesRow ? {} : { contextInfo: { entityTypeName: row.table, entityId: host.isNew ? '' : row.rowId } }),
  },
  userSettings: {
    userId: '',
    userName: host.userName,
    languageId: host.languageId,
    isRTL: host.isRightToLeft,
    securityRoles: [],
    getTimeZoneOffsetMinutes: (/** @type {Date} */ date = new Date()) => -date.getTimezoneOffset(),
  },
  resources: { getString: (/** @type {string} */ key) => strings.get(key) ?? key, getResource: () => undefined },
  webAPI: guarded('WebAPI', webApi, manifest.features),
  navigation: { openUrl: (/** @type {string} */ url) => void window.open(url, '_blank', 'noopener,noreferrer') },
  client: {
    getClient: () => (host.formFactor === 3 ? 'Mobile' : 'Web'),
    getFormFactor: () => host.formFactor,
    isOffline: () => host.isOffline,
    isNetworkAvailable: () => navigator.onLine && !host.isOffline,
    disableScroll: false,
  },
  utils: guarded('Utility', { hasEntityPrivilege: () => host.mayWrite }, manifest.features),
  device: guarded('Device', {}, manifest.features),
  formatting: { formatDateShort: formatDateShortIn(host.languageId) },
  fluentDesignLanguage: host.isDark ? { tokenTheme: darkTokens, isDarkTheme: true } : undefined,
  // As on a host without the preview feature, nothing at all.
  events: host.hasNoEvents ? undefined : events,
  updatedProperties: [],
});
