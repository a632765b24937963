-- How often a partition was taken up. A worker that hung and was given up may wake: what it commits for an older turn is refused.
alter table run_partition add column turn integer not null default 0;

-- Which Dataverse environment the link table speaks of; at most one row. Its hashes would call rows of any other one unchanged.
create table environment (
  only_row boolean primary key default true check (only_row),
  organization_id text not null
);
