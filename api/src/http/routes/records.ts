import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CandidatesSchema,
  FindCandidatesSchema,
  LinkRecordSchema,
  RecordStatusSchema,
  SyncRecordSchema,
  SyncResultSchema,
} from '../../contract/records.ts';
import type { RecordAddress } from '../../contract/services.ts';
import { callerOf, forAgents } from '../access.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { allowNoBody } from '../no-body.ts';
import { KeyAddressSchema, RowAddressSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAgents };
const tags = ['records'];

export const recordRoutes: Routes = async (app) => {
  // The row is always read as the caller, whatever the role: who may not read it in Dataverse learns nothing about it here.
  const status = (address: RecordAddress, request: FastifyRequest, reply: FastifyReply) =>
    app.services.records.status(address, { asUser: callerOf(request).objectId, signal: clientGone(reply) });

  const check = (address: RecordAddress, request: FastifyRequest, reply: FastifyReply) =>
    app.services.records.check(address, { asUser: callerOf(request).objectId, signal: clientGone(reply) });

  const sync = (address: RecordAddress, body: { readonly isDryRun?: boolean }, request: FastifyRequest, reply: FastifyReply) =>
    app.services.records.sync(address, {
      asUser: callerOf(request).objectId,
      isDryRun: body.isDryRun ?? false,
      signal: clientGone(reply),
    });

  const statusSchema = { tags, response: { 200: answer(named(RecordStatusSchema), 'What is known of the row') } };
  const syncSchema = { tags, body: SyncRecordSchema, response: { 200: answer(named(SyncResultSchema), 'What the sync did') } };

  const candidatesSchema = {
    tags,
    body: named(FindCandidatesSchema),
    response: { 200: answer(named(CandidatesSchema), 'What the sources found') },
  };
  const linkSchema = { tags, body: named(LinkRecordSchema), response: { 200: answer(named(SyncResultSchema), 'What the first sync did') } };

  app.get(
    '/api/records/:table/:rowId',
    {
      config,
      schema: {
        operationId: 'getRecord',
        summary: 'Says which CRM record a row comes from and how fresh it is',
        params: RowAddressSchema,
        ...statusSchema,
      },
    },
    (request, reply) => status(request.params, request, reply),
  );

  app.get(
    '/api/records/:table/by-key/:sourceKey',
    {
      config,
      schema: {
        operationId: 'getRecordByKey',
        summary: 'The same, for the row with this source key',
        params: KeyAddressSchema,
        ...statusSchema,
      },
    },
    (request, reply) => status(request.params, request, reply),
  );

  app.post(
    '/api/records/:table/:rowId/sync',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'syncRecord',
        summary: 'Brings one row up to date now and says what changed',
        params: RowAddressSchema,
        ...syncSchema,
      },
    },
    (request, reply) => sync(request.params, request.body, request, reply),
  );

  app.post(
    '/api/records/:table/by-key/:sourceKey/sync',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'syncRecordByKey',
        summary: 'The same, for the row with this source key',
        params: KeyAddressSchema,
        ...syncSchema,
      },
    },
    (request, reply) => sync(request.params, request.body, request, reply),
  );

  app.post(
    '/api/records/:table/:rowId/check',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'checkRecord',
        summary: 'Asks the CRM whether its record has changed since the row was written; writes nothing',
        params: RowAddressSchema,
        ...statusSchema,
      },
    },
    (request, reply) => check(request.params, request, reply),
  );

  app.post(
    '/api/records/:table/by-key/:sourceKey/check',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'checkRecordByKey',
        summary: 'The same, for the row with this source key',
        params: KeyAddressSchema,
        ...statusSchema,
      },
    },
    (request, reply) => check(request.params, request, reply),
  );

  app.post(
    '/api/records/:table/:rowId/candidates',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'findCandidates',
        summary: 'Searches the CRMs for the record of a row that is not linked, by what the row says or by words',
        params: RowAddressSchema,
        ...candidatesSchema,
      },
    },
    (request, reply) =>
      app.services.records.candidates(request.params, {
        ...request.body,
        asUser: callerOf(request).objectId,
        signal: clientGone(reply),
      }),
  );

  app.post(
    '/api/records/:table/:rowId/link',
    {
      config,
      schema: {
        operationId: 'linkRecord',
        summary: 'Links a row to a CRM record, with the caller’s own right to change the row, and syncs it',
        params: RowAddressSchema,
        ...linkSchema,
      },
    },
    (request, reply) =>
      app.services.records.link(request.params, { ...request.body, asUser: callerOf(request).objectId, signal: clientGone(reply) }),
  );
};
