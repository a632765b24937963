-- A table of a run can be several partitions, each read by a worker of its own. slice: what of the table it is, in the connector's words.
-- is_held: a worker is at it. is_ended: what follows a table's last page is done; said of part 0.
alter table run_partition
  add column part smallint not null default 0,
  add column slice jsonb,
  add column is_held boolean not null default false,
  add column is_ended boolean not null default false;
alter table run_partition drop constraint run_partition_pkey;
alter table run_partition add primary key (run_id, table_name, part);

alter table run drop constraint run_state_check;
alter table run add constraint run_state_check
  check (state in ('queued', 'running', 'paused', 'succeeded', 'partial', 'suspicious', 'failed', 'cancelled'));
-- notes: what whoever looks at the run should know. accepts_fewer: a person says that far fewer records are as it should be.
alter table run
  add column notes jsonb not null default '[]',
  add column accepts_fewer boolean not null default false;

-- One run of a source at a time: the others wait in line.
update run set state = 'queued'
  where state = 'running'
    and exists (select from run as older where older.source_id = run.source_id and older.state = 'running' and older.sequence < run.sequence);
create unique index run_one_at_a_time on run (source_id) where state = 'running';

-- How many records the last complete reading of the whole table found: far fewer the next time are not believed.
alter table watermark add column full_records bigint;

-- Only for the statement that writes a link: when the link was last checked that the writer has seen. Two processes that write one record
-- at once are told apart by it. Null, and so free, in nearly every row.
alter table link add column seen_on_ms bigint;

-- When the CRM was found to have deleted the record: whoever asked the CRM before that knows less.
alter table removal add column found_on_ms bigint not null default 0;
