import { logicalNameOf, ourChoice, ourTables } from '../../api/src/dataverse/our-definition.ts';
import { requestTableDefinition } from '../../api/src/dataverse/our-request-table.ts';
import { languageCode, publisher, solution } from './definition/publisher.ts';
import { roles } from './definition/roles.ts';
import { webResources } from './definition/web-resources.ts';
import { descriptions, localizedNames } from './labels.ts';
import { element, textElement, writeXml, type XmlElement } from './xml.ts';

/** Solution component types. https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/solutioncomponent */
const componentTypes = { table: 1, globalChoice: 9, role: 20, webResource: 61, control: 66 } as const;
/** How much of a component is in the solution: 2 = the shell of a table that is somebody else's, with what we list in it. */
const behaviors = { everything: 0, shellOnly: 2 } as const;

const fieldsBeforeShipping =
  'City County Country Fax FreightTermsCode ImportSequenceNumber Latitude Line1 Line2 Line3 Longitude Name PostalCode PostOfficeBox PrimaryContactName';
const fieldsAfterShipping =
  'StateOrProvince Telephone1 Telephone2 Telephone3 TimeZoneRuleVersionNumber UPSZone UTCOffset UTCConversionTimeZoneCode';

const nothing = (name: string): XmlElement => element(name, { 'xsi:nil': 'true' }, '');

/** Import wants the publisher's two addresses, even when they say nothing. */
const address = (number: number): XmlElement =>
  element('Address', {}, [
    textElement('AddressNumber', number),
    textElement('AddressTypeCode', 1),
    ...fieldsBeforeShipping.split(' ').map(nothing),
    textElement('ShippingMethodCode', 1),
    ...fieldsAfterShipping.split(' ').map(nothing),
  ]);

const publisherXml = element('Publisher', {}, [
  textElement('UniqueName', publisher.uniqueName),
  localizedNames(publisher.displayName),
  descriptions(publisher.description),
  nothing('EMailAddress'),
  nothing('SupportingWebsiteUrl'),
  textElement('CustomizationPrefix', publisher.prefix),
  textElement('CustomizationOptionValuePrefix', publisher.optionValuePrefix),
  element('Addresses', {}, [address(1), address(2)]),
]);

interface ManifestOptions {
  readonly controlName: string;
  /** Four parts, e.g. `1.2.3.0`. */
  readonly version: string;
  readonly isManaged: boolean;
}

/** Environment variables are not listed: exports find them by their folder. */
const rootComponents = (controlName: string): XmlElement =>
  element('RootComponents', {}, [
    ...ourTables.map((table) =>
      element('RootComponent', { type: componentTypes.table, schemaName: table.toLowerCase(), behavior: behaviors.shellOnly }),
    ),
    element('RootComponent', {
      type: componentTypes.table,
      schemaName: logicalNameOf(requestTableDefinition),
      behavior: behaviors.everything,
    }),
    element('RootComponent', { type: componentTypes.globalChoice, schemaName: ourChoice.name, behavior: behaviors.everything }),
    ...roles.map(({ id }) => element('RootComponent', { type: componentTypes.role, id: `{${id}}`, behavior: behaviors.everything })),
    ...webResources.map(({ name }) =>
      element('RootComponent', { type: componentTypes.webResource, schemaName: name, behavior: behaviors.everything }),
    ),
    element('RootComponent', { type: componentTypes.control, schemaName: controlName, behavior: behaviors.everything }),
  ]);

export const solutionXml = ({ controlName, version, isManaged }: ManifestOptions): string =>
  writeXml(
    element(
      'ImportExportXml',
      {
        version: '9.2.0.0',
        SolutionPackageVersion: '9.2',
        languagecode: languageCode,
        generatedBy: 'CrmLive',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      },
      [
        element('SolutionManifest', {}, [
          textElement('UniqueName', solution.uniqueName),
          localizedNames(solution.displayName),
          descriptions(solution.description),
          textElement('Version', version),
          textElement('Managed', isManaged ? 1 : 0),
          publisherXml,
          rootComponents(controlName),
          element('MissingDependencies'),
        ]),
      ],
    ),
  );
