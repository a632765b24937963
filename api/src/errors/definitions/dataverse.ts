import { define } from '../definition.ts';

/** What Dataverse refuses, fails at or answers. */
export const dataverseErrors = define({
  'dataverse.unreachable': {
    status: 502,
    isRetryable: true,
    title: 'Dataverse cannot be reached at {host}: {problem}',
    help: 'Check the environment’s address and the network, then try again.',
  },
  'dataverse.unauthorised': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse refused our sign-in: {problem}',
    help: 'Check tenant, client id and secret, and that the application user exists in the environment.',
  },
  'dataverse.forbidden': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse does not let the application user do this: {problem}',
    help: 'Give the application user the role that the solution brings.',
  },
  'dataverse.solution_missing': {
    status: 502,
    isRetryable: false,
    title: 'The table {table} lacks {what}',
    help: 'Import the solution into this environment and wait until its key is active.',
  },
  'dataverse.table_unknown': {
    status: 500,
    isRetryable: false,
    title: 'Dataverse has no table {table}',
    help: 'Correct the table of the lookup in the mapping; its logical name is meant, for instance transactioncurrency.',
  },
  'dataverse.team_unknown': {
    status: 500,
    isRetryable: false,
    title: '“{team}” must name one team that may own rows, and it names {count}',
    help: 'Correct `owner` of the source in the configuration; the team’s id is always unique.',
  },
  'dataverse.bypass_forbidden': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse does not let the application user bypass custom logic: {problem}',
    help: 'Give it a role with prvBypassCustomBusinessLogic, or leave `bypassCustomLogic` out of the source.',
  },
  'dataverse.refused': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse refused a request: {code} {problem}',
    help: 'The reference finds the request in the log.',
  },
  'dataverse.failing': {
    status: 502,
    isRetryable: true,
    title: 'Dataverse fails: {problem} after {tries} tries',
    help: 'See the environment’s health in the admin center, then try again.',
  },
  'dataverse.rate_limited': {
    status: 503,
    isRetryable: true,
    title: 'Dataverse is limiting us and takes no request for another {seconds} seconds',
    help: 'Try again then. Fewer parallel runs, or a second application user, make it rarer.',
  },
  'dataverse.bad_answer': {
    status: 502,
    isRetryable: true,
    title: 'Dataverse gave an answer to {what} that cannot be read',
    help: 'Check that the address is the environment’s own and no proxy changes its answers, then try again.',
  },
  'dataverse.address_refused': {
    status: 500,
    isRetryable: false,
    title: 'The address of {what} cannot be used: {problem}',
    help: 'Correct it in the configuration. A sandbox on this machine may use http://127.0.0.1.',
  },
});
