import type { FastifyRequest } from 'fastify';
import type { Faults } from '../../crm-kit/faults.ts';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { type ObjectDefinition, findObject } from '../data/objects.ts';
import type { Org } from '../data/org.ts';
import { errors } from '../errors.ts';
import type { FaultKind } from '../faults.ts';
import type { SalesforceSettings } from '../settings.ts';
import type { RequestBudget } from './request-budget.ts';
import { readVersion } from './versions.ts';

/** What the routes of the REST API work with. */
export interface RestContext {
  readonly org: Org;
  readonly now: () => Date;
  readonly settings: Settings<SalesforceSettings>;
  readonly faults: Faults<FaultKind>;
  readonly budget: RequestBudget;
}

export interface ObjectParams {
  readonly version: string;
  readonly object: string;
}

export const versionOf = (request: FastifyRequest): string => {
  const { params } = request;
  const segment: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'version') : undefined;
  return readVersion(typeof segment === 'string' ? segment : '');
};

export const objectOf = (params: ObjectParams): ObjectDefinition => {
  const object = findObject(params.object);
  if (!object) throw errors.noSuchResource();
  return object;
};
