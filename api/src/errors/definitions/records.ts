import { define } from '../definition.ts';

/** What keeps one record from being synced, and what happens to a run. */
export const recordsErrors = define({
  'removals.changed': {
    status: 409,
    isRetryable: false,
    title: 'Other removals wait for {table} of {source} by now than those that were approved',
    help: 'Look at them again, and approve what is there now.',
  },
  'mapping.value_too_long': {
    status: 422,
    isRetryable: false,
    title: 'The value for {column} has {length} characters; {limit} fit',
    help: 'Shorten it in the CRM, or let the mapping truncate it.',
  },
  'mapping.value_refused': {
    status: 422,
    isRetryable: false,
    title: 'The value for {column} cannot be a {type}',
    help: 'Correct it in the CRM, or the mapping.',
  },
  'mapping.value_out_of_range': {
    status: 422,
    isRetryable: false,
    title: 'The value for {column} is not between {min} and {max}',
    help: 'Correct it in the CRM, or the limits of the column in Dataverse.',
  },
  'mapping.value_required': {
    status: 422,
    isRetryable: false,
    title: 'The column {column} cannot be empty, and the CRM says that it is',
    help: 'Fill it in the CRM, or let the mapping keep what is there.',
  },
  'mapping.choice_unknown': {
    status: 422,
    isRetryable: false,
    title: 'The value for {column} is none of its choices',
    help: 'Add it to the column in Dataverse, or name it under `choices` in the mapping.',
  },
  'mapping.lookup_missing': {
    status: 422,
    isRetryable: false,
    title: 'The value for {column} must name one row of {table} by its {by}, and it names {count}',
    help: 'Correct it in the CRM or in Dataverse, or let the mapping leave the column alone.',
  },
  'record.unreadable': {
    status: 422,
    isRetryable: false,
    title: 'A record cannot be read: {problem}',
    help: 'Look at it in the CRM, or correct `id` in the manifest.',
  },
  'record.not_linked': {
    status: 409,
    isRetryable: false,
    title: 'This row is not linked to a CRM record',
    help: 'Link it, or wait for the next sync.',
  },
  'record.not_found': {
    status: 404,
    isRetryable: false,
    title: 'There is no such row, or you may not read it',
    help: 'Check the id and your rights in Dataverse.',
  },
  'record.key_invalid': {
    status: 400,
    isRetryable: false,
    title: 'The source key is not one of ours',
    help: 'Pass the value of the row’s ccsync_sourcekey column unchanged.',
  },
  'record.write_failed': {
    status: 422,
    isRetryable: false,
    title: 'The record could not be written: {problem} ({code})',
    help: 'Correct the value in the CRM and sync again.',
  },
  'record.contended': {
    status: 503,
    isRetryable: true,
    title: 'A record of {table} changes faster than it can be written',
    help: 'Try again. If it goes on, something in the CRM changes the record without end.',
  },
  'run.unknown': {
    status: 404,
    isRetryable: false,
    title: 'There is no run {run}',
    help: 'It may have been mistyped; the list of runs shows those there are.',
  },
  'run.no_statement': {
    status: 404,
    isRetryable: false,
    title: 'The run {run} has no statement',
    help: 'A run that verifies has one as soon as it is over, unless it failed or was cancelled. Start one with `crm-sync verify`.',
  },
  'run.interrupted': {
    status: 500,
    isRetryable: true,
    title: 'The run stopped at an unexpected error',
    help: 'Start it again: what was done is not done twice. The log holds the cause.',
  },
  'run.not_pausable': {
    status: 409,
    isRetryable: false,
    title: 'The run {run} is {state} and cannot be paused',
    help: 'Only a run that waits or works can be paused.',
  },
  'run.not_paused': {
    status: 409,
    isRetryable: false,
    title: 'The run {run} is {state}, not paused',
    help: 'Only a paused run can be resumed; start a new one instead.',
  },
  'run.history_expired': {
    status: 200,
    isRetryable: false,
    title: 'The CRM no longer knows all changes of {table} since the last run, so all of {table} is read',
    help: 'Nothing to do, it only takes longer. Run more often than the CRM forgets to avoid it.',
  },
  'run.read_nothing': {
    status: 200,
    isRetryable: false,
    title: 'The CRM gave no {table} at all; the last full reading found {before}',
    help: 'Nothing was removed, and the next run reads again. See whether the account that reads the CRM still sees its records. If there are none any more, start a full run with “accept fewer”.',
  },
  'run.read_far_fewer': {
    status: 200,
    isRetryable: false,
    title: 'The CRM gave {read} {table} records; the last full reading found {before}',
    help: 'Nothing was removed, and the next run reads again. See whether the account that reads the CRM still sees all of its records. If there are so few by now, start a full run with “accept fewer”.',
  },
  'run.most_failed': {
    status: 200,
    isRetryable: false,
    title: '{failed} of {read} {table} records failed',
    help: 'Nothing was removed, and the next run reads them again. The failed records say why; often it is one column of the mapping.',
  },
  'run.taken_over': {
    status: 409,
    isRetryable: true,
    title: 'The run {run} is worked on by another process by now',
    help: 'Nothing to do: it goes on there.',
  },
});
