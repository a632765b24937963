import type { TableProposal } from '../../../crm/kit/propose/propose.ts';
import { proposeParent } from '../../../crm/kit/propose/propose-links.ts';
import type { TableName } from '../../../crm/types.ts';
import type { TableAnswers } from './answers.ts';

/** A part of the manifest by its name; what the answers say counts more than what was seen. */
export type PlannedTable = Readonly<Record<string, unknown>> & { readonly map: unknown };

const usualMaps: Readonly<Record<TableName, readonly Readonly<Record<string, unknown>>[]>> = {
  account: [
    { to: 'name', from: 'name', tooLong: 'truncate' },
    { to: 'telephone1', from: 'phone' },
  ],
  contact: [
    { to: 'firstname', from: 'first_name' },
    { to: 'lastname', from: 'last_name' },
    { to: 'emailaddress1', from: 'email', via: ['trim', 'lower'] },
  ],
};

/** A time is asked for as the records write it; a pattern of the CRM's own is asked for in ISO, as nearly all take. */
const filterFor = (format: string | undefined): string => (format === 'epochSeconds' || format === 'epochMs' ? format : 'iso');

const changesOf = ({ path, changes }: TableAnswers, modified: unknown, format: string | undefined): unknown => {
  if (modified === undefined) return undefined;
  if (changes === undefined) return { mode: 'clientSide', path };
  return { mode: 'since', path, query: { [changes.parameter]: `{{from | ${changes.as ?? filterFor(format)}}}` } };
};

export interface Seen {
  readonly proposal: TableProposal;
  /** Where the answer for one record holds it; null: not asked for, or not found. */
  readonly recordPath: string | null;
}

export interface PlannedParent {
  readonly parent: unknown;
  readonly notes: readonly string[];
}

/** The account of a contact; one that is named by a number of its own is looked up. */
export const planParent = (contact: Seen | null, account: Seen | null, accountPath: string | undefined): PlannedParent => {
  if (contact === null || accountPath === undefined) return { parent: undefined, notes: [] };
  const accountId = account?.proposal.id ?? null;
  const found = proposeParent(contact.proposal.fields, account?.proposal.fields ?? [], accountId);
  if (found === null) return { parent: undefined, notes: ['no field of a contact seems to name its account'] };
  if (found.key === null) return { parent: { path: found.path, table: 'account' }, notes: [] };
  const records = account?.proposal.records;
  return {
    parent: {
      path: found.path,
      table: 'account',
      lookup: {
        path: accountPath,
        query: { [found.key]: '{{keys | join}}' },
        ...(records === undefined || records === '$' ? {} : { records }),
        key: found.key,
        id: accountId ?? 'id',
        max: 25,
      },
    },
    notes: [`a contact names its account by “${found.key}”, not by its id: say in the lookup how accounts are asked for by it`],
  };
};

/** One table of the manifest to be. */
export const planTable = (name: TableName, answers: TableAnswers, seen: Seen | null, parent: unknown): PlannedTable => {
  const proposal = seen?.proposal;
  const id = answers.id ?? proposal?.id ?? 'id';
  const modified = answers.modified ?? (proposal === undefined ? 'updated_at' : proposal.modified?.modified);
  const { recordPath = null } = seen ?? {};
  const one = answers.one ?? `${answers.path}/{{id}}`;
  const map = answers.map ?? (proposal === undefined || proposal.map.length === 0 ? usualMaps[name] : proposal.map);
  return {
    id,
    modified,
    deleted: answers.deleted ?? proposal?.deleted ?? undefined,
    parent: answers.parent ?? parent,
    link: answers.link === undefined ? undefined : `{{settings.address}}${answers.link}`,
    records: answers.records ?? proposal?.records,
    total: proposal?.paging.total ?? undefined,
    page: answers.page ?? proposal?.paging.page,
    get: { path: one, ...(recordPath === null || recordPath === '$' ? {} : { record: recordPath }) },
    list: { path: answers.path },
    changes: changesOf(answers, modified, proposal?.modified?.format),
    map,
  };
};
