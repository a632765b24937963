-- How many requests of Dataverse's daily entitlement were used, by day (UTC), all processes together.
create table daily_requests (
  day date primary key,
  requests bigint not null
);
