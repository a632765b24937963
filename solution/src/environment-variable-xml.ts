import type { EnvironmentVariableDefinition } from './definition/environment-variables.ts';
import { languageCode } from './definition/publisher.ts';
import { element, textElement, writeXml, type XmlElement } from './xml.ts';

const stringType = 100_000_000;

const label = (name: string, text: string): XmlElement =>
  element(name, { default: text }, [element('label', { description: text, languagecode: languageCode })]);

export const environmentVariableXml = (variable: EnvironmentVariableDefinition): string =>
  writeXml(
    element('environmentvariabledefinition', { schemaname: variable.schemaName }, [
      label('description', variable.description),
      label('displayname', variable.displayName),
      textElement('introducedversion', variable.introducedIn),
      textElement('iscustomizable', 1),
      textElement('isrequired', 0),
      textElement('secretstore', 0),
      textElement('type', stringType),
    ]),
  );
