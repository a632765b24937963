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
  'crm.explained_refusal': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} answered {what} with HTTP {status}: {meaning}',
    help: 'Do what the message says; it comes from the connector’s manifest.',
  },
  'crm.search_slow': {
    status: 504,
    isRetryable: true,
    title: 'The CRM of {source} has not answered the search within {seconds} seconds',
    help: 'Try again, or search by the e-mail address: that is what CRMs find fastest.',
  },
  'crm.export_failed': {
    status: 502,
    isRetryable: true,
    title: 'The CRM of {source} has not brought {what} to an end: {problem}',
    help: 'Start the run again: it begins a new export. If that fails too, look at the CRM’s own list of such jobs.',
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
  'crm.filter_ignored': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} ignored the time in {what} and answered with records from outside of it; nothing of that page was written',
    help: 'Look for a field or an operator that the CRM does not know in that request of the manifest: some CRMs, such as ServiceNow, leave such a clause out without a word. Correct it and start the run again: it reads from where the last complete one ended.',
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
  'crm.history_expired': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} no longer knows everything that happened: {what}',
    help: 'Start a full run of this source: it reads everything, and incremental runs go on from there.',
  },
  'crm.other_tenant': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} answers as another tenant than before; nothing was read',
    help: 'Correct the address or the credentials. If it is meant to be another CRM, configure it as a new source: the id of a source is part of every row’s key.',
  },
  'crm.sign_in_refused': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} refused the sign-in (HTTP {status}: {reason})',
    help: 'Check the client id, secret, key and scopes configured for this source.',
  },
  'crm.sign_in_too_often': {
    status: 503,
    isRetryable: true,
    title: 'The sign-in of {source} ended right after it had begun; the next one has to wait, as the manifest says',
    help: 'See whether somebody else signs in with the same credentials, then try again in a minute.',
  },
  'crm.sign_in_busy': {
    status: 503,
    isRetryable: true,
    title: 'Another process has been signing in to the CRM of {source} for minutes',
    help: 'Try again; what that process holds is given up by itself.',
  },
  'crm.signed_out': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} no longer accepts our refresh token',
    help: 'Sign in again with `crm-sync sources connect {source}`, or give the source a new refresh token.',
  },
  'crm.not_signed_in': {
    status: 502,
    isRetryable: false,
    title: 'Nobody has signed {source} in yet',
    help: 'Run `crm-sync sources connect {source}`, open the address that it shows, and sign in to the CRM.',
  },
});
