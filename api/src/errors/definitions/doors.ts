import { define } from '../definition.ts';

/** What callers are told: people and programs at the API, the CRM at its webhook, and the rest. */
export const doorsErrors = define({
  'identity.unauthorised': { status: 401, isRetryable: false, title: 'A valid access token is needed: {problem}', help: 'Sign in again.' },
  'identity.forbidden': {
    status: 403,
    isRetryable: false,
    title: 'This needs the role {role}',
    help: 'Ask an administrator to assign it to you in Entra ID.',
  },
  'identity.unavailable': {
    status: 503,
    isRetryable: true,
    title: 'Access tokens cannot be checked now: the sign-in service gives {problem}',
    help: 'Try again. If it stays so, check the issuer’s address in the configuration and the network.',
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
  'delivery.unknown': {
    status: 404,
    isRetryable: false,
    title: 'There is no delivery {delivery} of {source}',
    help: 'Done ones are forgotten after a week. `crm-sync deliveries list` shows those that are there.',
  },
  'webhook.not_by_api': {
    status: 409,
    isRetryable: false,
    title: 'The webhook of {source} cannot be made over the CRM’s API: {problem}',
    help: '`crm-sync webhooks print` says what to do in the CRM instead.',
  },
  'webhook.address_unusable': {
    status: 409,
    isRetryable: false,
    title: 'No CRM can post to {address}, where it would find {source}',
    help: 'Set `api.publicUrl` to the address under which the CRM reaches the API over HTTPS. A CRM inside your own network has `allowPrivateNetwork: true`.',
  },
  'webhook.taken': {
    status: 409,
    isRetryable: false,
    title: 'The CRM posts what changes to somebody else already, and {what} has room for one: nothing was changed for {source}',
    help: 'Ask whose it is. `crm-sync webhooks install --replace` puts ours in its place.',
  },
  'webhook.none': {
    status: 409,
    isRetryable: false,
    title: 'The connector of {source} knows no webhook',
    help: 'Its changes are read by the runs that are scheduled. A `webhooks` section in its manifest describes what the CRM can post.',
  },
  'webhook.unknown': {
    status: 404,
    isRetryable: false,
    title: 'The connector of {source} knows no webhook “{hook}”; it knows {known}',
    help: 'Name one of these with `--hook`; leave it out for the main one. They are named in the manifest, under `moreWebhooks`.',
  },
  'webhook.no_secret': {
    status: 409,
    isRetryable: false,
    title: 'The source {source} has no signing secret ({setting}), so every delivery is refused',
    help: 'Make one with `crm-sync webhooks secret`, or take the CRM’s, and name its place in the settings of the source. Where the CRM makes it, `crm-sync webhooks install` reads it.',
  },
  'webhook.no_sample': {
    status: 409,
    isRetryable: false,
    title: 'No delivery of {source} can be imitated: {problem}',
    help: 'Change a record in the CRM and look at what arrives.',
  },
  'request.invalid': {
    status: 400,
    isRetryable: false,
    title: 'The request is not valid: {problem}',
    help: 'Correct it; the OpenAPI document describes every field.',
  },
  'request.answer_too_large': {
    status: 413,
    isRetryable: false,
    title: 'The answer is too large for a request row in Dataverse',
    help: 'Open the row in the control panel, or let the control ask the API directly.',
  },
  'request.not_found': {
    status: 404,
    isRetryable: false,
    title: 'There is nothing at this address',
    help: 'The OpenAPI document lists every address.',
  },
  'panel.not_built': {
    status: 404,
    isRetryable: false,
    title: 'The control panel has not been built',
    help: 'Run `npm start` or `npm run demo`, which build it.',
  },
  'cli.file_unwritable': {
    status: 500,
    isRetryable: false,
    title: '{file} cannot be written: {problem}',
    help: 'Choose another file. The statement is kept with its run: GET /api/runs/{run}/statement.',
  },
  'cli.folder_unwritable': {
    status: 500,
    isRetryable: false,
    title: 'The files cannot be written to {folder}: {problem}',
    help: 'Choose another folder.',
  },
  'request.too_large': { status: 413, isRetryable: false, title: 'The body is larger than {limit} bytes', help: 'Send less at once.' },
  internal: {
    status: 500,
    isRetryable: true,
    title: 'Something went wrong on our side',
    help: 'Try again; the reference finds the cause in the log.',
  },
});
