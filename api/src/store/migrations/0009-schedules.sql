-- Up to which moment a schedule has been seen to. run_id: null while somebody is about to start its run, empty when it needed none.
create table schedule (
  source_id text collate "C" not null,
  schedule_key text collate "C" not null,
  due_on_ms bigint not null,
  claimed_on_ms bigint not null,
  run_id text collate "C",
  primary key (source_id, schedule_key)
);
