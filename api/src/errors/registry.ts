/**
 * Every error that this product can give, in one place: a stable code, the HTTP status, what happened and what to do.
 * `{name}` in a text is filled from the error's details; details never hold customer data or secrets.
 * The docs table is generated from this file.
 */
export interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  /** What the reader can do. */
  readonly help: string;
  /** Worth trying again without changing anything. */
  readonly isRetryable: boolean;
}

const define = <const Codes extends Record<string, ErrorDefinition>>(codes: Codes): Codes => codes;

export const errorRegistry = define({
  'config.unreadable': {
    status: 500,
    isRetryable: false,
    title: 'The configuration in {file} cannot be used: {problem}',
    help: 'Correct it there and start again. docs/guides/configure.md lists every setting.',
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
    title: 'The manifest {file} is not valid: line {line}: {problem}',
    help: 'Correct the line. An editor that knows the JSON Schema named at the top of the file shows the same.',
  },
  'source.unknown': { status: 404, isRetryable: false, title: 'There is no source called {source}', help: 'Configured sources: {known}.' },
  'source.table_unknown': { status: 400, isRetryable: false, title: 'The source {source} has no table {table}', help: 'It has: {known}.' },
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
  'crm.paging_stuck': {
    status: 502,
    isRetryable: false,
    title: 'The CRM of {source} repeats itself: {problem}',
    help: 'Check the paging part of the manifest. Nothing read so far is lost.',
  },
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
  'mapping.unknown_column': {
    status: 500,
    isRetryable: false,
    title: 'The mapping of {source} for {table} names the column {column}, which Dataverse does not have',
    help: 'Correct the mapping, or add the column.',
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
    title: 'Dataverse refused the row: {code} {problem}',
    help: 'Correct the value in the CRM and sync again.',
  },
  'run.unknown': { status: 404, isRetryable: false, title: 'There is no run {run}', help: 'GET /api/runs lists them.' },
  'run.interrupted': {
    status: 500,
    isRetryable: true,
    title: 'The run stopped at an unexpected error',
    help: 'Start it again: it goes on where it stopped. The reference finds the cause in the log.',
  },
  'store.unavailable': {
    status: 503,
    isRetryable: true,
    title: 'The database cannot be used: {problem}',
    help: 'Check DATABASE_URL and that the server is up; with the embedded store, the folder and the free disk space.',
  },
  'store.in_use': {
    status: 503,
    isRetryable: false,
    title: 'The store folder {folder} is in use by process {process}',
    help: 'Stop that process, or reach it with --api {address}.',
  },
  'store.disk_full': {
    status: 503,
    isRetryable: true,
    title: 'There is no space left for the store in {folder}',
    help: 'Free some space and start again; nothing that was reported as done is lost.',
  },
  'identity.unauthorised': { status: 401, isRetryable: false, title: 'A valid access token is needed: {problem}', help: 'Sign in again.' },
  'identity.forbidden': {
    status: 403,
    isRetryable: false,
    title: 'This needs the role {role}',
    help: 'Ask an administrator to assign it to you in Entra ID.',
  },
  'webhook.unauthorised': {
    status: 401,
    isRetryable: false,
    title: 'The delivery is not signed as this source requires',
    help: 'Check the signing secret on both sides.',
  },
  'webhook.unreadable': {
    status: 400,
    isRetryable: false,
    title: 'The delivery is signed but cannot be read: {problem}',
    help: 'Compare the body with what the manifest describes.',
  },
  'request.invalid': {
    status: 400,
    isRetryable: false,
    title: 'The request is not valid: {problem}',
    help: 'Correct it; the OpenAPI document describes every field.',
  },
  'request.not_found': {
    status: 404,
    isRetryable: false,
    title: 'There is nothing at this address',
    help: 'The OpenAPI document lists every address.',
  },
  'request.too_large': { status: 413, isRetryable: false, title: 'The body is larger than {limit} bytes', help: 'Send less at once.' },
  internal: {
    status: 500,
    isRetryable: true,
    title: 'Something went wrong on our side',
    help: 'Try again; the reference finds the cause in the log.',
  },
});

export type ErrorCode = keyof typeof errorRegistry;
export type ErrorDetails = Readonly<Record<string, string | number>>;
