-- What must survive a crash. Ids, hashes, times, counts and error texts: no customer data. Times are epoch milliseconds, as
-- everywhere in the program. Record ids compare by bytes (collate "C"): keyset paging must not depend on a locale.

-- What we know of a record that has a row in Dataverse.
-- state: 0 linked, 1 waiting for its parent, 2 removed. fillfactor: room for updates beside the row, so that they touch no index.
create table link (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_id text collate "C" not null,
  content_hash uuid not null,
  source_modified_on_ms bigint,
  parent_id text collate "C",
  state smallint not null check (state between 0 and 2),
  synced_on_ms bigint not null,
  checked_on_ms bigint not null,
  primary key (source_id, table_name, record_id)
) with (fillfactor = 85);

create index link_waiting on link (source_id, table_name, record_id) where state = 1;

create table run (
  id text collate "C" primary key,
  source_id text collate "C" not null,
  mode text not null check (mode in ('full', 'incremental')),
  is_dry_run boolean not null,
  requested_by text not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  requested_on_ms bigint not null,
  started_on_ms bigint,
  finished_on_ms bigint,
  is_cancel_requested boolean not null default false,
  error jsonb,
  planned_changes jsonb not null default '[]',
  -- Runs asked for in the same millisecond keep their order.
  sequence bigint generated always as identity
);

create index run_newest on run (sequence desc);
create index run_newest_of_source on run (source_id, sequence desc);

create table run_partition (
  run_id text collate "C" not null references run (id) on delete cascade,
  table_name text collate "C" not null,
  position smallint not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'complete')),
  read_count bigint not null default 0,
  written_count bigint not null default 0,
  unchanged_count bigint not null default 0,
  stale_count bigint not null default 0,
  filtered_count bigint not null default 0,
  failed_count bigint not null default 0,
  withheld_count bigint not null default 0,
  expected_records bigint,
  cursor jsonb,
  window_from_ms bigint,
  window_to_ms bigint,
  primary key (run_id, table_name)
);

create table watermark (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  read_up_to_ms bigint not null,
  completed_on_ms bigint not null,
  primary key (source_id, table_name)
);

-- Open failures: one row a record, gone when the record is written or seen unchanged. run_id: the last run that met it.
create table failure (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_id text collate "C" not null,
  run_id text collate "C",
  code text not null,
  failure_class text not null,
  reason text not null,
  first_seen_on_ms bigint not null,
  last_seen_on_ms bigint not null,
  tries integer not null,
  primary key (source_id, table_name, record_id)
);

create index failure_of_run on failure (run_id, table_name, record_id);

-- Records that the CRM has deleted and whose rows are still to be deactivated.
create table removal (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_id text collate "C" not null,
  primary key (source_id, table_name, record_id)
);

-- Webhook deliveries: which ids, and what happened to them; never the body. Done ones stay a while, so that a repeat is known.
create table inbox (
  source_id text collate "C" not null,
  delivery_key text collate "C" not null,
  events jsonb not null,
  received_on_ms bigint not null,
  done_on_ms bigint,
  sequence bigint generated always as identity,
  primary key (source_id, delivery_key)
);

create index inbox_pending on inbox (source_id, sequence) where done_on_ms is null;
create index inbox_done on inbox (source_id, done_on_ms) where done_on_ms is not null;
