-- What a person has decided of a failed record. retry_asked_on_ms: null once it has been tried.
alter table failure
  add column is_ignored boolean not null default false,
  add column note text,
  add column retry_asked_on_ms bigint;
