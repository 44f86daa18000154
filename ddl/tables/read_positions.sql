-- Written and read by rejected_events, duplicate_events and ledger in definitions/marts/.
create table if not exists events.read_positions (
  table_name string not null options (
    description = 'Table that reads raw events, but whose own rows do not tell how far it has read.'
  ),
  read_until timestamp not null options (
    description = 'The ingest_time until which it has read, UTC.'
  )
)
options (
  description = 'One row per table that notes how far it has read raw events.',
  labels = [('layer', 'mart')]
);
