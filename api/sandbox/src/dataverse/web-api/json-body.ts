/** Reads a request's JSON. */
import { badPayload } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `entitySetName` is for the message. Throws 400 when the body is empty, no JSON, or no object. */
export function parseJsonObject(body: string, entitySetName: string): JsonObject {
  if (body.trim() === '') throw badPayload(entitySetName, 'System.ArgumentException: Stream was not readable.');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badPayload(entitySetName, 'Microsoft.OData.ODataException: Invalid JSON. The request body could not be read as JSON.');
  }
  if (!isJsonObject(value)) {
    throw badPayload(
      entitySetName,
      "Microsoft.OData.ODataException: An unexpected node was found when reading from the JSON reader. A 'StartObject' node was expected.",
    );
  }
  return value;
}
