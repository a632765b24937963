-- Tokens that change with every use, sealed (AES-256-GCM); a name has one holder at a time, so that only one process replaces it.
create table credential (
  source_id text not null,
  name text not null,
  sealed text,
  holder text,
  held_until timestamptz,
  changed_on timestamptz not null default now(),
  primary key (source_id, name)
);

-- Whose data a source reads: SHA-256 over source and tenant, as it was the first time.
create table tenant (
  source_id text primary key,
  tenant_hash text not null,
  pinned_on timestamptz not null default now()
);

-- Where the CRM counts changes itself: what the next reading begins with.
alter table watermark add column change_token text;
