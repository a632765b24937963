import type { FastifyRequest } from 'fastify';
import type { Faults } from '../../crm-kit/faults.ts';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { type Instance, sysIdFrom } from '../data/instance.ts';
import type { Row } from '../data/row.ts';
import { type TableDefinition, findTable } from '../data/tables.ts';
import { errors } from '../errors.ts';
import type { FaultKind } from '../faults.ts';
import type { ServiceNowSettings } from '../settings.ts';

export interface RestContext {
  readonly instance: Instance;
  readonly settings: Settings<ServiceNowSettings>;
  readonly faults: Faults<FaultKind>;
  /** This server's address; known once it listens. */
  readonly url: () => string;
}

/** `/api/now/table` is what `/api/now/v2/table` is; version 1 differs. */
export const apiPrefixes = ['/api/now', '/api/now/v2', '/api/now/v1'] as const;

export const isVersion1 = (request: FastifyRequest): boolean => request.url.startsWith('/api/now/v1/');

/** Throws 400 for a table that is not there and 403 for one that the user may not read. */
export const readableTable = ({ settings, instance }: RestContext, name: string): TableDefinition => {
  const table = findTable(name);
  if (!table) throw errors.noSuchTable(name);
  if (settings.current.forbiddenTables.includes(name)) throw errors.notAuthorized();
  if (name === 'sys_properties') instance.load(name, propertyRows(settings.current));
  return table;
};

/** The properties that matter here, as an admin would find them. */
const propertyRows = (settings: ServiceNowSettings): readonly Row[] =>
  Object.entries({
    instance_name: settings.instanceName,
    'glide.invalid_query.returns_no_rows': settings.returnsNoRowsForInvalidQuery,
    'glide.oauth.inbound.client.credential.grant_type.enabled': settings.isClientCredentialsEnabled,
    'glide.oauth.inbound.ropc.grant_type.disabled': !settings.isPasswordGrantEnabled,
    'glide.sys.default.tz': settings.timeZone,
  }).map(([name, value]) => ({ sys_id: sysIdFrom(`sys_properties ${name}`), name, value: String(value), sys_mod_count: '0' }));

/** Hidden by a row ACL: the same rows every time. */
export const isHidden = ({ settings }: RestContext, sysId: string): boolean => {
  const { hidesEvery } = settings.current;
  return hidesEvery > 0 && Number.parseInt(sysId.slice(0, 8), 16) % hidesEvery === 0;
};
