import { extname } from 'node:path';
import { element, writeXml } from './xml.ts';

const binary = 'application/octet-stream';

/**
 * Says of every file what it is, by its extension (Open Packaging Conventions). As Microsoft's own build does it: XML is text, but
 * a control's manifest is passed on untouched, like everything else. A file without an extension, a web resource, has an entry of its own.
 */
export const contentTypesXml = (paths: readonly string[]): string => {
  const extensions = [...new Set(paths.map((path) => extname(path).slice(1)))].filter((extension) => extension !== '').sort();
  return writeXml(
    element('Types', { xmlns: 'http://schemas.openxmlformats.org/package/2006/content-types' }, [
      ...extensions.map((extension) =>
        element('Default', { Extension: extension, ContentType: extension === 'xml' ? 'text/xml' : binary }),
      ),
      ...paths
        .filter((path) => extname(path) === '' || (path.startsWith('Controls/') && path.endsWith('/ControlManifest.xml')))
        .map((path) => element('Override', { PartName: `/${path}`, ContentType: binary })),
    ]),
  );
};
