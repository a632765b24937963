import { zendeskSandbox } from './identity.ts';
import type { ZendeskSettings } from './settings.ts';
import type { DirectoryEvent } from './types.ts';

interface Envelope {
  readonly id: string;
  readonly time: string;
  readonly spelling: ZendeskSettings['eventSpelling'];
}

/** The list of types prints these with a slash. https://developer.zendesk.com/api-reference/webhooks/event-types/user-events/ */
const slashed = new Set(['user.identity_changed', 'user.identity_created', 'user.merged']);

/** A few members of the record; its ids are texts here, while the API has numbers. */
const detailOf = ({ record }: DirectoryEvent): object => {
  if (record.kind === 'organization') {
    const { organization } = record;
    return {
      id: organization.id,
      name: organization.name,
      external_id: organization.externalId,
      group_id: null,
      shared_comments: false,
      shared_tickets: false,
      created_at: organization.createdAt,
      updated_at: organization.updatedAt,
    };
  }
  const { user } = record;
  return {
    id: user.id,
    email: user.email,
    external_id: user.externalId,
    organization_id: user.organizationId,
    default_group_id: null,
    role: user.role,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
};

const subjectOf = ({ record }: DirectoryEvent): string =>
  record.kind === 'user' ? `zen:user:${record.user.id}` : `zen:organization:${record.organization.id}`;

/** https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/ */
export const eventJson = (event: DirectoryEvent, { id, time, spelling }: Envelope): string =>
  JSON.stringify({
    type: `zen:event-type${spelling === 'slash' && slashed.has(event.type) ? '/' : ':'}${event.type}`,
    account_id: zendeskSandbox.accountId,
    id,
    time,
    zendesk_event_version: '2022-06-20',
    subject: subjectOf(event),
    detail: detailOf(event),
    event: event.event,
  });
