/**
 * Every refusal of the Web API with the code, the HTTP status and, as far as it is published, the wording of the real one.
 * Sources: compose-http-requests-handle-errors.md, web-api-client-errors.md, bulk-operations.md, api-limits.md.
 */
export class DataverseError extends Error {
  readonly status: number;
  /** `0x…`, or empty: Dataverse leaves it empty for what its web framework refuses. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'DataverseError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toBody(): string {
    return JSON.stringify({ error: { code: this.code, message: this.message } });
  }
}

const typeName = (table: string) => `Microsoft.Dynamics.CRM.${table}`;

// --- Addresses and query options ---------------------------------------------------------------------------------------------

export const resourceNotFound = (segment: string) =>
  new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`);

export const noHttpResource = (url: string) =>
  new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${url}'.`);

export const methodNotAllowed = (method: string) =>
  new DataverseError(405, '', `The requested resource does not support http method '${method}'.`);

export const propertyNotFound = (property: string, type: string) =>
  new DataverseError(400, '0x80060888', `Could not find a property named '${property}' on type '${typeName(type)}'.`);

/** FetchXML names columns and tables by their logical names. */
export const columnNotFound = ({ logicalName }: { readonly logicalName: string }, column: string) =>
  new DataverseError(
    400,
    '0x80041103',
    `'${logicalName}' entity doesn't contain attribute with Name = '${column}' and NameMapping = 'Logical'.`,
  );

export const tableNotFound = (name: string) =>
  new DataverseError(
    400,
    '0x80041102',
    `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  );

export const badQuery = (message: string) => new DataverseError(400, '0x80060888', message);

export const notImplemented = (what: string) => new DataverseError(501, '0x8006088a', `${what} isn't implemented.`);

/** ASP.NET refuses these characters in a path before Dataverse sees the request; define-alternate-keys-entity.md lists them. */
export const dangerousPath = (character: string) =>
  new DataverseError(400, '', `A potentially dangerous Request.Path value was detected from the client (${character}).`);

export const keyNotDefined = (table: string) =>
  new DataverseError(400, '0x80060890', `The specified key attributes are not a defined key for the ${table} entity`);

// --- Payloads ----------------------------------------------------------------------------------------------------------------

export const badPayload = (entitySetName: string, exception: string) =>
  new DataverseError(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${entitySetName}', For more information on this error please follow ` +
      `this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : ${exception}`,
  );

export const invalidProperty = (property: string, table: { readonly entitySetName: string; readonly logicalName: string }) =>
  badPayload(
    table.entitySetName,
    `Microsoft.OData.ODataException: Invalid property '${property}' was found in entity '${typeName(table.logicalName)}'. ` +
      '---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.',
  );

export const undeclaredNavigation = (property: string, entitySetName: string) =>
  badPayload(
    entitySetName,
    `Microsoft.OData.ODataException: An undeclared property '${property}' which only has property annotations in the payload but no ` +
      'property value was found in the payload. In OData, only declared navigation properties and declared named streams can be ' +
      'represented as properties without values.',
  );

/** Related rows are made with a new row only; the pages know collections on update for activity parties alone. */
export const deepUpdate = (table: { readonly entitySetName: string }, property: string) =>
  badPayload(table.entitySetName, `Microsoft.OData.ODataException: Deep update of the navigation property '${property}' is not supported.`);

export const tooDeep = (entitySetName: string) =>
  badPayload(entitySetName, 'Microsoft.OData.ODataException: The depth of nested entries exceeds the maximum allowed.');

export const cannotConvert = (entitySetName: string, literal: string, edmType: string) =>
  badPayload(entitySetName, `Microsoft.OData.ODataException: Cannot convert the literal '${literal}' to the expected type '${edmType}'.`);

// --- Values ------------------------------------------------------------------------------------------------------------------

interface ColumnPlace {
  readonly column: string;
  readonly table: string;
}

export const textTooLong = ({ column, table, maxLength }: ColumnPlace & { readonly maxLength: number }) =>
  new DataverseError(
    400,
    '0x80044331',
    `A validation error occurred.  The length of the '${column}' attribute of the '${table}' entity exceeded the maximum allowed length ` +
      `of '${maxLength}'.`,
  );

/** No public page gives the wording or the code for this one: InvalidArgument, said in the manner of its neighbours. */
export const invalidEmail = ({ column, table }: ColumnPlace) =>
  new DataverseError(
    400,
    '0x80040203',
    `A validation error occurred. The value of '${column}' on record of type '${table}' is not a valid email address.`,
  );

export const invalidCharacter = ({ column, codePoint }: { readonly column: string; readonly codePoint: number }) =>
  new DataverseError(
    400,
    '0x80040278',
    `Invalid character in field '${column}': hexadecimal value 0x${codePoint.toString(16).toUpperCase().padStart(2, '0')}, is an invalid character.`,
  );

export const numberOutOfRange = ({ column, table, isWhole }: ColumnPlace & { readonly isWhole: boolean }) =>
  new DataverseError(
    400,
    isWhole ? '0x8004432f' : '0x80044330',
    `A validation error occurred. The value of '${column}' on record of type '${table}' is outside the valid range.`,
  );

export const choiceOutOfRange = (place: ColumnPlace & { readonly value: number; readonly accepted: readonly number[] }) =>
  new DataverseError(
    400,
    '0x8004431A',
    `A validation error occurred. The value ${place.value} of '${place.column}' on record of type '${place.table}' is outside the valid ` +
      `range. Accepted Values: ${place.accepted.join(',')}`,
  );

export const dateTooEarly = (actual: string) =>
  new DataverseError(
    400,
    '0x80040239',
    `DateTime is less than minumum value supported by CrmDateTime. Actual value: ${actual}, Minimum value supported: 01/01/1753 00:00:00`,
  );

export const invalidState = (message: string) => new DataverseError(400, '0x80048408', message);

export const invalidOwner = () => new DataverseError(400, '0x80040229', 'The owner ID is invalid or missing.');

export const cannotBeNull = ({ column, table }: ColumnPlace) =>
  new DataverseError(400, '0x80040203', `Attribute '${column}' of entity '${table}' cannot be set to NULL.`);

// --- Rows --------------------------------------------------------------------------------------------------------------------

export const rowNotFound = (table: string, id: string) => new DataverseError(404, '0x80040217', `${table} With Id = ${id} Does Not Exist`);

export const rowNotFoundByKey = (table: string) =>
  new DataverseError(404, '0x80060891', `A record with the specified key values does not exist in ${table} entity`);

export const duplicateRecord = () => new DataverseError(412, '0x80040237', 'A record with matching key values already exists.');

export const duplicateKey = ({ keyName, columns }: { readonly keyName: string; readonly columns: readonly string[] }) =>
  new DataverseError(
    412,
    '0x80060892',
    `Entity Key ${keyName} violated. A record with the same value for ${columns.join(', ')} already exists. A duplicate record cannot be ` +
      'created. Select one or more unique values and try again.',
  );

export const versionMismatch = () =>
  new DataverseError(412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.");

export const tableIsReadOnly = (message: string, table: string) =>
  new DataverseError(405, '0x80040800', `The '${message}' method does not support entities of type '${table}'.`);

/** CannotDeleteDueToAssociation: a relationship with the delete behaviour Restrict still has rows. */
export const deleteIsRestricted = () =>
  new DataverseError(405, '0x80040227', 'The object you tried to delete is associated with another object and cannot be deleted.');

// --- Callers -----------------------------------------------------------------------------------------------------------------

export const unauthorized = (origin: string) =>
  new DataverseError(401, '', 'Authorization has been denied for this request.', {
    'WWW-Authenticate': `Bearer resource_id=${origin}/`,
  });

export const userDisabled = (systemUserId: string) =>
  new DataverseError(403, '0x80040225', `The user with SystemUserId=${systemUserId} is disabled. Consider enabling this user.`);

export const notAMember = () => new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');

export const privilegeMissing = (details: { readonly userId: string; readonly privilege: string; readonly where: string }) =>
  new DataverseError(
    403,
    '0x80040220',
    `Principal user (Id=${details.userId}, type=8, roleCount=1, accessMode=0), is missing ${details.privilege} privilege${details.where}`,
  );

export const unexpected = () => new DataverseError(500, '0x80040216', 'An unexpected error occurred.');
