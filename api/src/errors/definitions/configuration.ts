import { define } from '../definition.ts';

/** What is wrong before any record moves: the configuration, a manifest, a source’s settings, the mapping. */
export const configurationErrors = define({
  'config.unreadable': {
    status: 500,
    isRetryable: false,
    title: 'The configuration in {file} cannot be used: {problem}',
    help: 'Correct it there and start again. api/docs/guides/configure.md lists every setting.',
  },
  'config.secret_missing': {
    status: 500,
    isRetryable: false,
    title: 'The secret for {setting} is missing: {where} is not set',
    help: 'Set it and start again.',
  },
  'config.port_taken': {
    status: 500,
    isRetryable: false,
    title: 'Port {port} on {host} is taken by another program',
    help: 'Stop that program, or choose another port with {option}.',
  },
  'manifest.unreadable': {
    status: 500,
    isRetryable: false,
    title: 'The manifest {file} is not valid: {problem}',
    help: 'Correct it. An editor that knows the JSON Schema named at the top of the file shows the same.',
  },
  'source.unknown': { status: 404, isRetryable: false, title: 'There is no source called {source}', help: 'Configured sources: {known}.' },
  'source.settings_invalid': {
    status: 500,
    isRetryable: false,
    title: 'The settings of the source {source} cannot be used: {problem}',
    help: 'Correct them in the configuration; the connector’s README says where the CRM shows each value.',
  },
  'config.secrets_key_invalid': {
    status: 500,
    isRetryable: false,
    title: 'The key {setting} cannot be used: {problem}',
    help: 'Make one with `openssl rand -base64 32`, keep it where your other secrets are, and name that place under `secretsKey`.',
  },
  'source.secrets_key_missing': {
    status: 500,
    isRetryable: false,
    title: 'The source {source} has tokens that must be stored, and no key to seal them is configured',
    help: 'Make a key with `openssl rand -base64 32`, keep it where your other secrets are, and name that place under `secretsKey` in the configuration.',
  },
  'source.sign_in_stale': {
    status: 400,
    isRetryable: false,
    title: 'This sign-in of {source} was not begun here, was used already, or was begun more than 15 minutes ago',
    help: 'Begin again with `crm-sync sources connect {source}`.',
  },
  'source.no_browser_sign_in': {
    status: 400,
    isRetryable: false,
    title: 'The source {source} does not sign in with a browser',
    help: 'Its credentials are in the configuration; `crm-sync sources check {source}` shows whether they work.',
  },
  'source.table_unknown': { status: 400, isRetryable: false, title: 'The source {source} has no table {table}', help: 'It has: {known}.' },
  'mapping.unknown_column': {
    status: 500,
    isRetryable: false,
    title: 'The mapping of {source} for {table} names the column {column}, which Dataverse does not have',
    help: 'Correct the mapping, or add the column.',
  },
  'mapping.column_unfit': {
    status: 500,
    isRetryable: false,
    title: 'The mapping of {source} for {table} cannot fill the column {column}: {problem}',
    help: 'Correct the mapping. api/docs/guides/map-columns.md says what a column of each type takes.',
  },
});
