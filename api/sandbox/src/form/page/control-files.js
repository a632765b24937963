/** Reads what pcf-scripts built: the manifest, and the texts of one language. */

const folder = '/form/control/';

/** @param {string} path */
const readXml = async (path) => {
  const response = await fetch(`${folder}${path}`);
  if (!response.ok) throw new Error(`The control has no ${path}`);
  return new DOMParser().parseFromString(await response.text(), 'text/xml');
};

/** @param {Document} xml @param {string} selector @param {string} attribute */
const attributesOf = (xml, selector, attribute) =>
  [...xml.querySelectorAll(selector)].map((element) => element.getAttribute(attribute) ?? '');

/** @typedef {Awaited<ReturnType<typeof readManifest>>} ControlManifest */

export const readManifest = async () => {
  const xml = await readXml('ControlManifest.xml');
  const control = xml.querySelector('control');
  return {
    name: `${control?.getAttribute('namespace')}.${control?.getAttribute('constructor')}`,
    properties: attributesOf(xml, 'control > property', 'name'),
    events: attributesOf(xml, 'control > event', 'name'),
    features: attributesOf(xml, 'uses-feature', 'name'),
    resxPaths: attributesOf(xml, 'resources > resx', 'path'),
  };
};

/**
 * The texts in the wanted language, else in English, as the platform chooses.
 * @param {ControlManifest} manifest @param {number} languageId
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export const readStrings = async ({ resxPaths }, languageId) => {
  const path =
    resxPaths.find((candidate) => candidate.endsWith(`.${languageId}.resx`)) ??
    resxPaths.find((candidate) => candidate.endsWith('.1033.resx'));
  if (!path) return new Map();
  const xml = await readXml(path);
  return new Map(
    [...xml.querySelectorAll('data')].map((data) => [data.getAttribute('name') ?? '', data.querySelector('value')?.textContent ?? '']),
  );
};
