import { define } from '../definition.ts';

/** What is wrong with the database. */
export const storeErrors = define({
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
  'store.newer': {
    status: 503,
    isRetryable: false,
    title: 'The database was prepared by a newer version of this program (change {found}; this one knows {known})',
    help: 'Start the newer version, or restore a backup from before it.',
  },
  'store.drifted': {
    status: 503,
    isRetryable: false,
    title: 'The database does not match this program: its change {migration} is not ours',
    help: 'It was prepared by another build. Start that one, or give this one an empty database: a full run rebuilds the bookkeeping.',
  },
  'store.other_environment': {
    status: 503,
    isRetryable: false,
    title: 'The store belongs to another Dataverse environment ({known}) than the configured one ({found})',
    help: 'Configure the environment that it belongs to, or give this one a store of its own: a full run fills it.',
  },
  'store.credential_unreadable': {
    status: 500,
    isRetryable: false,
    title: 'A stored token of {source} was sealed with a key that is not configured, or was changed',
    help: 'Put the earlier key back as a further entry of `secretsKey`, or sign in again with `crm-sync sources connect {source}`.',
  },
});
