import { define } from '../definition.ts';

/** What a CRM refuses, fails at or answers. */
export const crmErrors = define({
  'crm.unreachable': {
    status: 502,
    isRetryable: true,
    title: 'The CRM of {source} cannot be reached at {host}: {problem}',
    help: 'See whether the CRM is up and the address is right, then try again.',
  },
  'crm.unauthorised': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} refused our sign-in (HTTP {status})',
    help: 'Check the key or password configured for this source and its rights in the CRM.',
  },
  'crm.forbidden': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} does not let us read {what} (HTTP {status})',
    help: 'Give the integration user the right to read it.',
  },
  'crm.refused': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} answered {what} with HTTP {status}',
    help: 'Compare the manifest with the CRM’s documentation; `crm-sync sources check` shows the same.',
  },
  'crm.rate_limited': {
    status: 503,
    isRetryable: true,
    title: 'The CRM of {source} is limiting us and has not let up',
    help: 'Try again later, or lower the request rate in the manifest.',
  },
  'crm.failing': {
    status: 502,
    isRetryable: true,
    title: 'The CRM of {source} fails: HTTP {status} after {tries} tries',
    help: 'See the CRM’s own status, then try again.',
  },
  'crm.bad_answer': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} gave an answer to {what} that the manifest does not describe: {problem}',
    help: 'Compare the manifest with what the CRM answers now.',
  },
  'crm.host_refused': {
    status: 502,
    isRetryable: false,
    title: 'A request of {source} to the host {host} was refused: the manifest does not allow it',
    help: 'If the CRM really lives there, add the host to `connection.hosts` in the manifest.',
  },
  'crm.private_address': {
    status: 502,
    isRetryable: false,
    title: 'A request of {source} to {host} was refused: it is an address inside a private network',
    help: 'If the CRM is meant to be inside your network, set allowPrivateNetwork: true for this source.',
  },
  'crm.paging_stuck': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} repeats itself: {problem}',
    help: 'Check the paging part of the manifest. Nothing read so far is lost.',
  },
});
