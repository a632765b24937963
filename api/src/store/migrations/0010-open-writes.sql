-- Which records a process is about to write to Dataverse: noted before the first row is sent, gone with the commit of what was written.
-- One that a dead process left behind tells which rows may be other than their links say. alive_on: when somebody last said to be at it,
-- by the database's clock, which all processes share. is_mended: its records were read again, but so early that a row may still have come.
create table open_write (
  id uuid primary key,
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_ids text[] not null,
  alive_on timestamptz not null default clock_timestamp(),
  is_mended boolean not null default false
);
