import { define } from '../definition.ts';

/** What stands in the way of setting up an environment, and of adopting rows that are there already. */
export const setupErrors = define({
  'setup.forbidden': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse does not let the application user change its tables ({what}): {problem}',
    help: 'Give it the role System Customizer or System Administrator while `crm-sync setup` runs, or let an administrator import the solution instead.',
  },
  'setup.refused': {
    status: 502,
    isRetryable: false,
    title: 'Dataverse refused {what}: {code} {problem}',
    help: 'Correct what it names and run `crm-sync setup` again: what was done stays done. The solution brings the same.',
  },
  'setup.key_failed': {
    status: 409,
    isRetryable: false,
    title: 'Dataverse could not build the index of the key {key} on {table}',
    help: 'Two rows may hold the same ccsync_sourcekey. make.powerapps.com shows the reason at Tables > {table} > Keys. Correct the rows and run `crm-sync setup` again.',
  },
  'setup.key_slow': {
    status: 503,
    isRetryable: true,
    title: 'Dataverse still builds the index of the key on {tables} after {minutes} minutes',
    help: 'It goes on by itself; on large tables that may take hours. Run `crm-sync setup` again to wait on, with --wait for longer.',
  },
  'setup.not_confirmed': {
    status: 409,
    isRetryable: false,
    title: '{what} changes the environment, and nobody is here to say yes',
    help: 'See with --dry-run what it would do, then run it with --yes.',
  },
  'adoption.columns_missing': {
    status: 409,
    isRetryable: false,
    title: 'The table {table} has no {columns}: there is nothing to adopt',
    help: 'These columns come with Microsoft’s connector. Where they are missing, its flows have made no rows, and a first full run is safe.',
  },
  'adoption.choice_unset': {
    status: 409,
    isRetryable: false,
    title: 'Nothing says which option of msdyn_source_crm stands for the source {source}',
    help: 'Set microsoftSourceCrm for this source to one of: {known}.',
  },
  'adoption.ambiguous': {
    status: 409,
    isRetryable: false,
    title: 'The sources {sources} stand for the same option of msdyn_source_crm, so a row may be of either',
    help: 'Set microsoftSourceCrm: false for all of them but the one whose rows Microsoft’s flows have made.',
  },
  'adoption.pending': {
    status: 409,
    isRetryable: false,
    title: 'In {table} there are rows that Microsoft’s flows made for {source} and that are not adopted: this would double them',
    help: 'Run `crm-sync adopt --source {source}` first. To leave those rows alone and have the records made anew, set unadoptedRows: leave for this source.',
  },
  'source.microsoft_crm_unknown': {
    status: 500,
    isRetryable: false,
    title: 'The source {source} has microsoftSourceCrm: {wanted}, which is no option of msdyn_source_crm in {table}',
    help: 'Correct it in the configuration; the options are: {known}.',
  },
});
