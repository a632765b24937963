/** Choices that columns share: GlobalOptionSetDefinitions (create-update-optionsets.md). */
import { addressedName } from '../metadata/addressed-name.ts';
import { describeChoice } from '../metadata/describe-choice.ts';
import type { MetadataObject } from '../metadata/describe-parts.ts';
import { choiceId } from '../metadata/metadata-id.ts';
import { contextOfMetadata, pickProperties } from '../metadata/metadata-query.ts';
import { parseQueryString } from '../query/query-options.ts';
import type { ChoiceDefinition } from '../tables/definition.ts';
import { badQuery, DataverseError, methodNotAllowed, resourceNotFound } from '../web-api/errors.ts';
import type { JsonObject } from '../web-api/json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { beginChange, bodyOf, type Change, created, isMergingLabels, updated } from './change-context.ts';
import { requireSchemaName } from './names.ts';
import {
  namespace,
  readLabel,
  readOptions,
  readType,
  refuseUnknownProperties,
  requireLabel,
  unknownType,
  updateLabel,
} from './read-json.ts';
import { choiceExists, componentIsReferenced, invalidArgument, wrongOptions } from './refusals.ts';
import { putChoice } from './schema-edits.ts';

const definitionSet = 'GlobalOptionSetDefinitions';
const choiceType = 'OptionSetMetadata';
const choiceProperties = new Set(
  'MetadataId HasChanged Description DisplayName IsCustomOptionSet IsGlobal IsManaged IsCustomizable Name ExternalTypeName OptionSetType IntroducedVersion Options ParentOptionSetName'.split(
    ' ',
  ),
);

export function handleGlobalChoices(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  const [root, cast, ...rest] = segments;
  if (root === undefined || rest.length > 0) throw resourceNotFound(rest[0]?.name ?? '');
  if (cast !== undefined && cast.name !== `${namespace}${choiceType}`) throw resourceNotFound(cast.name);
  if (root.predicate === null) {
    if (request.method === 'GET') return listChoices(session, request);
    if (request.method !== 'POST') throw methodNotAllowed(request.method);
    return createChoice(beginChange(session, request, 'OptionSet', 'Create'));
  }
  const name = addressedName(root, 'Name');
  const choice = session.environment.schema.choices.find((candidate) => candidate.name === name || choiceId(candidate.name) === name);
  if (choice === undefined) throw new DataverseError(404, '0x80060888', `Could not find an optionset with specified ${name}`);
  switch (request.method) {
    case 'GET':
      return jsonResponse(200, {
        '@odata.context': contextOfMetadata(session, `${definitionSet}/$entity`),
        ...shownChoice(choice, parseQueryString(request.query).select),
      });
    case 'PUT':
      return updateChoice(beginChange(session, request, 'OptionSet', 'Write'), choice);
    case 'DELETE':
      return deleteChoice(beginChange(session, request, 'OptionSet', 'Delete'), choice);
    default:
      throw methodNotAllowed(request.method);
  }
}

const shownChoice = (choice: ChoiceDefinition, select: readonly string[] | null): MetadataObject => ({
  '@odata.type': `#${namespace}${choiceType}`,
  ...pickProperties(describeChoice(choice), select, choiceType),
});

/** Real environments refuse a filter here: option sets come whole. */
function listChoices(session: Session, request: ApiRequest): ApiResponse {
  const { select, filter } = parseQueryString(request.query);
  if (filter !== null) throw badQuery('The query parameter $filter is not supported.');
  const value = session.environment.schema.choices.map((choice) => shownChoice(choice, select));
  return jsonResponse(200, { '@odata.context': contextOfMetadata(session, definitionSet), value });
}

function readChoiceJson(change: Change): JsonObject {
  const json = bodyOf(change, definitionSet);
  const type = readType(json, definitionSet, 'OptionSetMetadataBase');
  if (type !== choiceType) throw unknownType(definitionSet, type);
  refuseUnknownProperties(json, choiceProperties, type, definitionSet);
  if ((json.OptionSetType ?? 'Picklist') !== 'Picklist') throw wrongOptions("A global option set has the OptionSetType 'Picklist'.");
  return json;
}

function createChoice(change: Change): ApiResponse {
  const { environment } = change.session;
  const json = readChoiceJson(change);
  const name = requireSchemaName(json.Name, 'OptionSet', change.publisherPrefix).toLowerCase();
  if (environment.schema.choices.some((choice) => choice.name === name)) throw choiceExists();
  const { text, translations } = requireLabel(json, 'DisplayName');
  const description = readLabel(json, 'Description')?.text ?? null;
  const choice: ChoiceDefinition = {
    name,
    displayName: text,
    translations,
    ...(description === null ? {} : { description }),
    options: readOptions(json.Options ?? [], change.firstOptionValue),
  };
  environment.changeSchema(putChoice(environment.schema, choice));
  return created(change, 'OptionSet', definitionSet, choiceId(name));
}

/** Labels only: the options have actions of their own. */
function updateChoice(change: Change, choice: ChoiceDefinition): ApiResponse {
  const { environment } = change.session;
  const json = readChoiceJson(change);
  if ((json.Name ?? choice.name) !== choice.name) throw invalidArgument('The name of an option set cannot be changed.');
  const before = { text: choice.displayName, translations: choice.translations ?? {} };
  const name = updateLabel(before, readLabel(json, 'DisplayName'), isMergingLabels(change.request));
  environment.changeSchema(putChoice(environment.schema, { ...choice, displayName: name.text, translations: name.translations }));
  return updated(change);
}

function deleteChoice({ session }: Change, choice: ChoiceDefinition): ApiResponse {
  const { schema } = session.environment;
  const users = schema.tables.flatMap((table) =>
    table.columns.filter((column) => column.type === 'Picklist' && column.globalChoice === choice.name),
  );
  if (users.length > 0) throw componentIsReferenced('OptionSet', choiceId(choice.name), users.length);
  session.environment.changeSchema({ ...schema, choices: schema.choices.filter(({ name }) => name !== choice.name) });
  return noContent();
}
