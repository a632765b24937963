import { configurationErrors } from './definitions/configuration.ts';
import { connectorErrors } from './definitions/connector.ts';
import { crmErrors } from './definitions/crm.ts';
import { dataverseErrors } from './definitions/dataverse.ts';
import { doorsErrors } from './definitions/doors.ts';
import { recordsErrors } from './definitions/records.ts';
import { setupErrors } from './definitions/setup.ts';
import { storeErrors } from './definitions/store.ts';

/**
 * Every error that this product can give: a stable code, the HTTP status, what happened and what to do; by family in `definitions/`.
 * `{name}` in a text is filled from the error's details; details never hold customer data or secrets.
 * The docs table is generated from this.
 */
export const errorRegistry = {
  ...configurationErrors,
  ...connectorErrors,
  ...crmErrors,
  ...dataverseErrors,
  ...setupErrors,
  ...recordsErrors,
  ...storeErrors,
  ...doorsErrors,
};

export type { ErrorDefinition } from './definition.ts';
export type ErrorCode = keyof typeof errorRegistry;
export type ErrorDetails = Readonly<Record<string, string | number>>;
