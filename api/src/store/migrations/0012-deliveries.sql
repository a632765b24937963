-- Deliveries as an admin sees them. hook: which of the source's webhooks, empty for the main one. secret_name: the setting whose secret proved
-- it. occurred_on_ms: when the newest of its events happened in the CRM, where it says so. answered_ms: how long the CRM waited for us.
-- repeats: how often it came again. problem: why its last try failed. outcome: what became of its records, in numbers.
-- sealed: records that it brought along, because nobody can ask for them; gone when it is done.
alter table inbox
  add column hook text not null default '',
  add column secret_name text,
  add column trust text not null default 'full',
  add column occurred_on_ms bigint,
  add column repeats integer not null default 0,
  add column repeated_on_ms bigint,
  add column replayed_on_ms bigint,
  add column problem text,
  add column outcome jsonb,
  add column sealed text;

-- Newest first, for an admin; and for forgetting the oldest.
create index inbox_newest on inbox (source_id, sequence desc);

-- How much each webhook is used, by the hour: what is usual for it, and which secret it still uses. Bounded by hooks, secrets and days kept.
create table webhook_hour (
  source_id text collate "C" not null,
  hook text collate "C" not null,
  secret_name text collate "C" not null,
  -- Hours since 1970.
  hour integer not null,
  deliveries bigint not null,
  last_on_ms bigint not null,
  primary key (source_id, hook, secret_name, hour)
);

-- Deliveries that were refused, counted by the day: one row each would let anybody fill the disk.
create table webhook_refusal (
  source_id text collate "C" not null,
  hook text collate "C" not null,
  reason text collate "C" not null,
  -- Days since 1970.
  day integer not null,
  refused bigint not null,
  last_on_ms bigint not null,
  primary key (source_id, hook, reason, day)
);

-- Records whose person is to be forgotten, as the CRM has asked; kept until it is done. next_on_ms: when it is tried again.
create table erasure (
  source_id text collate "C" not null,
  table_name text collate "C" not null,
  record_id text collate "C" not null,
  asked_on_ms bigint not null,
  next_on_ms bigint not null,
  tries integer not null default 0,
  primary key (source_id, table_name, record_id)
);
