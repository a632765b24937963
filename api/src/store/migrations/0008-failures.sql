-- What a person has decided of a failed record. retry_asked_on_ms counts while it is newer than the last try.
alter table failure
  add column is_ignored boolean not null default false,
  add column note text,
  add column retry_asked_on_ms bigint;
