-- What all processes together have asked of a source's CRM on a day (UTC), and what the CRM has said of its budget.
create table crm_budget (
  source_id text collate "C" primary key,
  day date not null default (clock_timestamp() at time zone 'utc')::date,
  requests bigint not null default 0,
  rest_until timestamptz not null default '-infinity',
  spare_until timestamptz not null default '-infinity',
  told jsonb not null default '[]',
  told_on timestamptz
);

-- What each process has said of its part in it. Its word counts until leased_until; forget_on: nothing that it used counts any more.
create table crm_budget_member (
  source_id text collate "C" not null,
  member_id text collate "C" not null,
  word jsonb not null,
  leased_until timestamptz not null,
  forget_on timestamptz not null,
  primary key (source_id, member_id)
);
