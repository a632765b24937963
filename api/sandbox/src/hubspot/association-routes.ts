import type { FastifyInstance } from 'fastify';
import { invalid, objectNotFound } from './errors.ts';
import type { Portal } from './portal.ts';

const batchLimit = 1_000;

/** https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associations-schema/guide#association-type-id-values */
const typeIds = { primary: 1, contactToCompany: 279, companyToContact: 280 } as const;

interface BatchBody {
  readonly inputs: readonly { readonly id: string }[];
}

const batchSchema = {
  type: 'object',
  required: ['inputs'],
  properties: { inputs: { type: 'array', items: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } },
} as const;

const hubSpotDefined = (typeId: number, label: string | null) => ({ category: 'HUBSPOT_DEFINED', typeId, label });

const companiesOf = (portal: Portal, contactId: string) =>
  portal.associations.linksOf(contactId).map(({ companyId, isPrimary }) => ({
    toObjectId: Number(companyId),
    associationTypes: [...(isPrimary ? [hubSpotDefined(typeIds.primary, 'Primary')] : []), hubSpotDefined(typeIds.contactToCompany, null)],
  }));

const contactsOf = (portal: Portal, companyId: string) =>
  portal.associations.contactsOf(companyId).map((contactId) => ({
    toObjectId: Number(contactId),
    associationTypes: [hubSpotDefined(typeIds.companyToContact, null)],
  }));

const directions = [
  { from: 'contacts', to: 'companies', fromName: 'contact', toName: 'company', linkedTo: companiesOf },
  { from: 'companies', to: 'contacts', fromName: 'company', toName: 'contact', linkedTo: contactsOf },
] as const;

/** Which records belong together. https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide */
export const addAssociationRoutes = (app: FastifyInstance, portal: Portal): void => {
  const contactScopes = { config: { hubSpotScopes: ['crm.objects.contacts.read'] } };

  for (const prefix of ['/crm/v4/associations', '/crm/associations/2026-03', '/crm/associations/2026-09']) {
    for (const { from, to, fromName, toName, linkedTo } of directions) {
      app.post<{ Body: BatchBody }>(
        `${prefix}/${from}/${to}/batch/read`,
        { ...contactScopes, schema: { body: batchSchema } },
        ({ body }, reply) => {
          const { inputs } = body;
          if (inputs.length === 0 || inputs.length > batchLimit) throw invalid(`inputs must hold 1 to ${batchLimit} records.`);
          const startedAt = portal.now().toISOString();
          const found = inputs.map(({ id }) => ({ id, linked: linkedTo(portal, portal.room(from).store.get(id)?.id ?? id) }));
          const results = found.filter(({ linked }) => linked.length > 0).map(({ id, linked }) => ({ from: { id }, to: linked }));
          const errors = found
            .filter(({ linked }) => linked.length === 0)
            .map(({ id }) => ({
              status: 'error',
              category: 'OBJECT_NOT_FOUND',
              subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
              message: `No ${toName} is associated with ${fromName} ${id}.`,
              context: { fromObjectId: [id], fromObjectType: [fromName], toObjectType: [toName] },
            }));
          const answer = { status: 'COMPLETE', results, startedAt, completedAt: portal.now().toISOString() };
          return errors.length === 0 ? reply.send(answer) : reply.status(207).send({ ...answer, numErrors: errors.length, errors });
        },
      );
    }
  }

  const writable = { config: { hubSpotScopes: ['crm.objects.contacts.write'] } };
  type Pair = { readonly contactId: string; readonly companyId: string };
  const change = ({ contactId, companyId }: Pair, isRemoval: boolean): Pair => {
    const contact = portal.room('contacts').store.get(contactId);
    const company = portal.room('companies').store.get(companyId);
    if (!contact || !company) throw objectNotFound();
    portal.changeAssociation(contact.id, company.id, { isRemoval, source: 'API' });
    return { contactId: contact.id, companyId: company.id };
  };
  for (const prefix of ['/crm/v4/objects', '/crm/objects/2026-03', '/crm/objects/2026-09']) {
    app.put<{ Params: Pair }>(`${prefix}/contacts/:contactId/associations/default/companies/:companyId`, writable, ({ params }) => {
      const { contactId, companyId } = change(params, false);
      return { status: 'COMPLETE', results: [{ from: { id: contactId }, to: { id: companyId } }] };
    });
    app.delete<{ Params: Pair }>(`${prefix}/contacts/:contactId/associations/companies/:companyId`, writable, ({ params }, reply) => {
      change(params, true);
      return reply.status(204).send();
    });
  }
};
