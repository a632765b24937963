import { byPage, type FaultyCrm, isList } from './faults-of-reading.ts';
import { byCursor, type PeopleCrmOptions } from './people-of-a-crm.ts';

const endsAt = (status: number): PeopleCrmOptions => ({ manifest: { errors: [{ status, do: 'empty' }] } });

export const faultsInTrouble: readonly FaultyCrm[] = [
  {
    check: 'session-ends',
    what: 'the manifest takes 401 for the end of a list',
    says: /401.* were not found.*signInAgain/,
    options: endsAt(401),
  },
  {
    check: 'too-many-requests',
    what: 'the manifest takes 429 for a refusal',
    says: /429 in the middle/,
    options: { manifest: { errors: [{ status: 429, do: 'refuse' }] } },
  },
  {
    check: 'unavailable',
    what: 'the manifest takes 503 for the end of a list',
    says: /503.* were not found.*`retry`/,
    options: endsAt(503),
  },
  {
    check: 'connection-cut',
    what: 'the manifest allows one try only',
    says: /cannot be reached .* the connection was cut/,
    options: { manifest: { http: { tries: 1 } } },
  },
  {
    check: 'unknown-error',
    what: 'a rule of the manifest fits more than it means',
    says: /HTTP 418 was taken for the end of the list.*more exact/,
    options: { manifest: { errors: [{ contains: 'what', do: 'empty' }] } },
  },
  {
    check: 'broken-answer',
    what: 'the first half of an answer looks like a whole one',
    says: /half an answer was taken for a whole one/,
    options: {
      answer: ({ path, query }, _crm, usual) => {
        const text = JSON.stringify(usual().body);
        return isList(path, query) ? { body: text + ' '.repeat(text.length + 10) } : null;
      },
    },
  },
  {
    check: 'cut-page',
    what: 'the manifest takes a short page for the last',
    says: /With pages of half the size: \d+ records .* were not found.*shortPage/,
    options: { table: { page: { ...byCursor, end: { shortPage: true } } } },
  },
  {
    check: 'empty-page',
    what: 'the manifest takes an empty page for the last although more follow',
    says: /an empty page ended the walk.*page\.end/,
    options: { table: { page: { ...byCursor, end: { when: 'data[0] == null || cursor == null' } } } },
  },
  {
    check: 'unknown-fields',
    what: 'a column takes whatever is in the record',
    says: /differs in: lastname/,
    options: { table: { map: [{ to: 'lastname', from: '$' }] } },
  },
  {
    check: 'record-without-id',
    what: 'the manifest knows the last page by a record without id',
    says: /With a record that has no id: \d+ records .* were not found/,
    options: { table: { page: { ...byCursor, end: { when: 'data[0].id == null || cursor == null' } } } },
  },
];

export const faultsInChanges: readonly FaultyCrm[] = [
  {
    check: 'created-seen',
    what: 'a new record has no time until it is changed',
    says: /is not among the changes since it was made/,
    options: {
      changer: (crm) => ({
        create: async () => {
          crm.people.push({ id: 5000, name: 'New', updated: null, company: 1, companyName: 'Company 1' });
          return '5000';
        },
      }),
    },
  },
  {
    check: 'changed-seen',
    what: 'the time of a record does not move with its changes',
    says: /is not among the changes with a new time/,
    options: {
      changer: (crm) => ({
        create: async () => String(crm.people[0]?.id),
        change: async () => undefined,
      }),
    },
  },
  {
    check: 'changed-during-walk',
    what: 'the list is sorted by change, and pages are counted',
    says: /were not found.*keyset/,
    options: { table: { list: { path: '/people', query: { sort: 'updated' } }, page: { ...byPage, end: { when: 'more == false' } } } },
  },
  {
    check: 'removed-seen',
    what: 'a removed record stays',
    says: /is still there after it was deleted/,
    options: { changer: () => ({ remove: async () => undefined }) },
  },
];
