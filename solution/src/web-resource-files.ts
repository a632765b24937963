import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { WebResourceDefinition } from './definition/web-resources.ts';
import { element, textElement, type XmlElement } from './xml.ts';

const scriptType = 3;

/** As exports name it: without `/` and `.`, followed by the GUID in capitals, and without an extension. */
export const webResourcePath = ({ name, id }: WebResourceDefinition): string =>
  `WebResources/${name.replaceAll(/[/.]/g, '')}${id.toUpperCase()}`;

/** Plain JavaScript for the browsers that Power Apps supports; the same text for the same source. */
export const webResourceScript = ({ source }: WebResourceDefinition): string => {
  const text = readFileSync(new URL(source, import.meta.url), 'utf8');
  const compilerOptions = { target: ts.ScriptTarget.ES2018, module: ts.ModuleKind.None, newLine: ts.NewLineKind.LineFeed };
  return ts.transpileModule(text, { compilerOptions }).outputText;
};

export const webResourceXml = (resource: WebResourceDefinition): XmlElement =>
  element('WebResource', {}, [
    textElement('WebResourceId', `{${resource.id}}`),
    textElement('Name', resource.name),
    textElement('DisplayName', resource.displayName),
    textElement('Description', resource.description),
    textElement('WebResourceType', scriptType),
    textElement('IntroducedVersion', resource.introducedIn),
    textElement('IsEnabledForMobileClient', 1),
    textElement('IsAvailableForMobileOffline', 0),
    textElement('IsCustomizable', 1),
    textElement('CanBeDeleted', 1),
    textElement('IsHidden', 0),
    textElement('FileName', `/${webResourcePath(resource)}`),
  ]);
