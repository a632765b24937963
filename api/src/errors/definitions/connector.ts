import { define } from '../definition.ts';

/** What stops the commands that help to add a CRM, `crm-sync connector …`. */
export const connectorErrors = define({
  'connector.options_invalid': {
    status: 400,
    isRetryable: false,
    title: 'The command cannot be used like this: {problem}',
    help: 'api/docs/guides/connect-your-crm.md goes through it step by step.',
  },
  'connector.answers_invalid': {
    status: 400,
    isRetryable: false,
    title: 'The answers in {file} cannot be used: {problem}',
    help: 'Correct them there. api/docs/guides/connect-your-crm.md lists what may be answered.',
  },
  'connector.file_exists': {
    status: 409,
    isRetryable: false,
    title: '{file} is there already, and nothing was written',
    help: 'Name another folder, or write over it with --force.',
  },
  'connector.record_missing': {
    status: 404,
    isRetryable: false,
    title: 'The CRM has no record {record} in {table}',
    help: 'Take an id as the CRM writes it; without --id the first records of the list are shown.',
  },
  'connector.recording_unsafe': {
    status: 500,
    isRetryable: false,
    title: 'The recording would hold the value of {setting}, so nothing was written',
    help: 'Please report this with the manifest, and without the value.',
  },
  'connector.recording_unreadable': {
    status: 400,
    isRetryable: false,
    title: 'The recording {file} cannot be used: {problem}',
    help: 'Make one with `crm-sync connector record`.',
  },
});
