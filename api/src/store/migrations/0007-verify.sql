-- Verify: both sides of a table side by side while a run compares them. Keys, ids and hashes, and never a value of a record.
alter table run drop constraint run_mode_check;
alter table run add constraint run_mode_check check (mode in ('full', 'incremental', 'verify'));
alter table run add column is_repairing boolean not null default false;

-- How far a verification of one table is.
create table verify_part (
  run_id text collate "C" not null references run (id) on delete cascade,
  table_name text collate "C" not null,
  phase text not null default 'crm' check (phase in ('crm', 'dataverse', 'recheck', 'repair', 'recheckRepaired', 'done')),
  cursor jsonb,
  unreadable_count bigint not null default 0,
  primary key (run_id, table_name)
);

-- One line for each record and its row; a row that belongs to no record by its key has a line of its own, whose key is '!' and its GUID.
-- found: what it was before a repair. Emptied when its run is over; without a foreign key, which would be checked for every line.
create table verify_item (
  run_id text collate "C" not null,
  table_name text collate "C" not null,
  item_key text collate "C" not null,
  record_id text collate "C",
  row_id text collate "C",
  is_in_crm boolean not null,
  crm_hash uuid,
  row_hash uuid,
  modified_on_ms bigint,
  found text not null,
  verdict text not null,
  is_settled boolean not null,
  primary key (run_id, table_name, item_key)
);

create index verify_item_open on verify_item (run_id, table_name, item_key) where not is_settled;
create index verify_item_odd on verify_item (run_id, table_name, verdict, item_key) where verdict <> 'same';

-- What a verification ended with, as the API gives it.
create table verify_statement (
  run_id text collate "C" primary key references run (id) on delete cascade,
  -- json, not jsonb: who reads it finds its parts in their order.
  statement json not null
);
