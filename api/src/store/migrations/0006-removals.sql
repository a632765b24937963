-- state: 0 waits for its run's end, 1 a person has approved it, 2 a person must, whatever their number.
alter table removal add column state smallint not null default 0 check (state between 0 and 2);

-- A walk over all ids of a table, to find the records that are gone without a trace. One per table: the newest run's.
create table sweep (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  run_id text collate "C" not null,
  began_on_ms bigint not null,
  cursor jsonb,
  is_complete boolean not null default false,
  primary key (source_id, table_name)
);

-- The ids that it has met. Kept like everything else: were they lost in a crash, all records would look gone.
create table swept_id (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_id text collate "C" not null,
  primary key (source_id, table_name, record_id)
);
