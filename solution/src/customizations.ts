import {
  type ChoiceDefinition,
  type KeyDefinition,
  logicalNameOf,
  ourChoice,
  ourColumnDefinitions,
  ourKey,
  ourTables,
} from '../../api/src/dataverse/our-definition.ts';
import { columnXml } from './column-xml.ts';
import { languageCode } from './definition/publisher.ts';
import { roles } from './definition/roles.ts';
import { webResources } from './definition/web-resources.ts';
import { descriptions, displayNames, optionLabels } from './labels.ts';
import { requestRelationshipsXml, requestTableXml } from './request-table-xml.ts';
import { roleXml } from './role-xml.ts';
import { webResourceXml } from './web-resource-files.ts';
import { element, textElement, writeXml, type XmlElement } from './xml.ts';

const keyXml = (key: KeyDefinition): XmlElement =>
  element('EntityKey', {}, [
    textElement('Name', key.schemaName),
    textElement('LogicalName', logicalNameOf(key)),
    textElement('IntroducedVersion', key.introducedIn),
    // Whoever changed the key would cut every row from its record.
    textElement('IsCustomizable', 0),
    element(
      'EntityKeyAttributes',
      {},
      key.columns.map((column) => textElement('AttributeName', column)),
    ),
    displayNames(key.displayName),
  ]);

/** Only what we add to Microsoft's table: the root component is its shell (behavior 2). */
const tableXml = (table: string): XmlElement =>
  element('Entity', {}, [
    element('Name', { LocalizedName: table, OriginalName: '' }, table),
    element('EntityInfo', {}, [
      element('entity', { Name: table }, [
        element('attributes', {}, ourColumnDefinitions.map(columnXml)),
        element('EntityKeys', {}, [keyXml(ourKey)]),
      ]),
    ]),
  ]);

const choiceXml = (choice: ChoiceDefinition): XmlElement =>
  element('optionset', { Name: choice.name, localizedName: choice.displayName }, [
    textElement('OptionSetType', 'picklist'),
    textElement('IsGlobal', 1),
    textElement('IntroducedVersion', choice.introducedIn),
    textElement('IsCustomizable', 1),
    displayNames(choice.displayName),
    descriptions(choice.description),
    element(
      'options',
      {},
      choice.options.map(({ value, label }) => element('option', { value }, [optionLabels(label)])),
    ),
  ]);

const controlXml = (controlName: string): XmlElement =>
  element('CustomControl', {}, [textElement('Name', controlName), textElement('FileName', `/Controls/${controlName}/ControlManifest.xml`)]);

/** The order of the children is that of Dataverse's own exports; sections that we have nothing for are there and empty. */
export const customizationsXml = (controlName: string): string =>
  writeXml(
    element('ImportExportXml', { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' }, [
      element('Entities', {}, [...ourTables.map(tableXml), requestTableXml]),
      element('Roles', {}, roles.map(roleXml)),
      element('Workflows'),
      element('FieldSecurityProfiles'),
      element('Templates'),
      element('EntityMaps'),
      element('EntityRelationships', {}, requestRelationshipsXml),
      element('OrganizationSettings'),
      element('optionsets', {}, [choiceXml(ourChoice)]),
      element('WebResources', {}, webResources.map(webResourceXml)),
      element('CustomControls', {}, [controlXml(controlName)]),
      element('EntityDataProviders'),
      element('Languages', {}, [textElement('Language', languageCode)]),
    ]),
  );
