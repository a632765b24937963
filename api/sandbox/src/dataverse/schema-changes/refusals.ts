/**
 * What Dataverse refuses in a change of its definitions. Codes and, where it has one, wording: web-service-error-codes.md;
 * what that page has no code for is InvalidArgument (0x80040203), said in the manner of its neighbours.
 */
import { DataverseError } from '../web-api/errors.ts';

const refuse = (code: string, message: string) => new DataverseError(400, code, message);

export const invalidArgument = (message: string) => refuse('0x80040203', message);

export const invalidPrefix = (schemaName: string, component: string) =>
  refuse(
    '0x80044366',
    `The schema name ${schemaName} for type ${component} is invalid or missing.Custom attribute, entity, entitykey, option set and relationship ` +
      'names must start with a valid customization prefix.The prefix for a solution component should match the prefix that is specified for the ' +
      'publisher of the solution.',
  );

export const columnExists = (column: string, table: string) =>
  refuse('0x80047013', `Attribute ${column} already exists for entity ${table}.`);

export const tableExists = () => refuse('0x8004700b', 'An entity with the specified name already exists. Please specify a unique name.');

export const collectionNameExists = () =>
  refuse('0x8006088E', 'An entity with that collection name already exists. Specify a unique name.');

export const choiceExists = () =>
  refuse('0x80044345', 'An OptionSet with the specified name already exists. Please specify a unique name.');

export const relationshipExists = () =>
  refuse('0x8004432B', 'A relationship with the specified name already exists. Please specify a unique name.');

export const nameIsNavigation = (name: string) =>
  refuse('0x80048834', `Attribute name ${name} conflict with NavigationProerty name on entity. Please use unique name for attribute.`);

export const displayNameMissing = () => refuse('0x8004700c', 'The specified display name is not valid');

export const primaryNameMustBeText = () => refuse('0x8004700e', 'Primary UI Attribute has to be of type String');

export const wrongOwnership = () => refuse('0x8004700d', 'The specified ownership type mask is not valid for this operation');

export const columnIsBuiltIn = () => refuse('0x80047009', 'The specified attribute is not a custom attribute');

export const tableIsBuiltIn = () => refuse('0x80047008', 'The specified entity is not customizable');

export const componentIsManaged = (component: string, name: string) =>
  refuse('0x8004F013', `You cannot delete ${component} ${name}. Deletion cannot be performed when ${component} is managed.`);

export const componentIsReferenced = (component: string, id: string, count: number) =>
  refuse(
    '0x8004F01F',
    `The ${component}(${id}) component cannot be deleted because it is referenced by ${count} other components. For a list of referenced ` +
      'components, use the RetrieveDependenciesForDeleteRequest.',
  );

export const keyNameExists = (key: string, table: string) =>
  refuse('0x80060893', `An entity key with the name ${key} already exists on entity ${table}.`);

export const keyColumnsExist = () => refuse('0x80060894', 'An entity key with the selected attributes already exists on entity.');

export const keyColumnNotWritable = (column: string, id: string, flags: { readonly create: boolean; readonly update: boolean }) => {
  const [code, verbs] =
    !flags.create && !flags.update
      ? (['0x80090112', 'create and update'] as const)
      : !flags.create
        ? (['0x80090110', 'create'] as const)
        : (['0x80090111', 'update'] as const);
  return refuse(code, `Attribute of an entity key must be valid for ${verbs}. Atribute Name = '${column}' Id = '${id}'`);
};

export const wrongOptions = (details: string) => refuse('0x80048403', `Invalid OptionSet. ${details}`);

export const solutionUnknown = (uniqueName: string) =>
  new DataverseError(404, '0x80040217', `solution With uniquename = ${uniqueName} Does Not Exist`);

export const componentNotFound = (component: string, name: string) =>
  new DataverseError(404, '0x80040217', `Could not find ${component} with name ${name}.`);
