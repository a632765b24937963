import { ApiProblem, type Candidates as CandidatesAnswer } from '@crm-sync/client';
import type { Candidates } from './ApiTransport';

/** A row with a key of ours has its record already; the API says the same of one that it looks at. */
export const alreadyLinked = (): ApiProblem =>
  new ApiProblem({
    code: 'record.already_linked',
    title: 'This row is linked to another CRM record already',
    help: 'Refresh the form to see which.',
    reference: '',
    status: 409,
    isRetryable: false,
  });

/** Nothing found because no source could be searched is no answer; then it is the first one's problem. */
export const withUnsearched = ({ candidates, unsearched }: CandidatesAnswer): Candidates => {
  const [first] = unsearched;
  if (candidates.length === 0 && first) {
    const { code, title, help } = first;
    throw new ApiProblem({ code, title, help, reference: '', status: 502, isRetryable: true });
  }
  return Object.assign([...candidates], { unsearched });
};
