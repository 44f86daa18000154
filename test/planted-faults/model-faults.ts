import type { PlantedFault } from './planted-fault.ts'

const tests = ['test/books.test.ts', 'test/law.test.ts']

/** Faults of the SQL: what is read, what is kept, and where the MERGE looks for it. */
export const modelFaults: PlantedFault[] = [
  {
    name: 'watermark-on-event-time',
    file: 'definitions/marts/inventory.sqlx',
    find: 'increment.readFrom(self())',
    replace: "'coalesce((select max(timestamp) from ' + self() + '), ' + increment.beginning + ')'",
    breaks: 'One event with a time ahead of the others hides all that come after it.',
    tests,
  },
  {
    name: 'no-overlap',
    file: 'includes/increment.js',
    find: 'select timestamp_sub(max(ingest_time), interval ${settings.overlapMinutes()} minute)',
    replace: 'select max(ingest_time)',
    breaks: 'A raw event that becomes visible late is never read.',
    tests,
  },
  {
    name: 'no-overlap-of-rejected-events',
    file: 'includes/increment.js',
    find: 'select timestamp_sub(read_until, interval ${settings.overlapMinutes()} minute)',
    replace: 'select read_until',
    breaks: 'A rejected event that becomes visible late is never read.',
    tests,
  },
  {
    name: 'position-by-wall-clock',
    file: 'definitions/marts/rejected_events.sqlx',
    find: 'select max(ingest_time)\n',
    replace: 'select if(max(ingest_time) is null, null, current_timestamp())\n',
    breaks: 'What has an older ingest_time than the run is never read.',
    tests,
  },
  {
    name: 'empty-table-reads-from-now',
    file: 'includes/increment.js',
    find: 'where event_date >= date_sub(current_date(), interval 7 day)\n  ), ${beginning})`',
    replace:
      'where event_date >= date_sub(current_date(), interval 7 day)\n  ), current_timestamp())`',
    breaks: 'After a quiet week nothing older is read.',
    tests,
  },
  {
    name: 'late-events-touch-nothing',
    file: 'includes/increment.js',
    find: 'where ingest_time >= read_from and rejection_code is null\n',
    replace:
      'where ingest_time >= read_from and rejection_code is null\n      and event_date >= date_sub(current_date(), interval 2 day)\n',
    breaks: 'Events that are published days late are dropped.',
    tests,
  },
  {
    name: 'static-partition-filter',
    file: 'definitions/marts/orders.sqlx',
    find: "updatePartitionFilter: 'event_date in unnest(touched_dates)'",
    replace: "updatePartitionFilter: 'event_date >= date_sub(current_date(), interval 3 day)'",
    breaks: 'A duplicate of an older event is not recognised and stands twice.',
    tests,
  },
  {
    name: 'rank-without-known-events',
    file: 'definitions/marts/user_activity.sqlx',
    find: '  known_message_id is null\n',
    replace: '  true\n',
    breaks: 'Another run may replace the first raw event by a later one.',
    tests,
  },
  {
    name: 'known-events-win-always',
    file: 'definitions/marts/orders.sqlx',
    find: '  or ingest_time < known_ingest_time\n',
    replace: '',
    breaks: 'Which raw event is kept depends on when runs happened.',
    tests,
  },
  {
    name: 'last-arrival-wins',
    file: 'definitions/marts/orders.sqlx',
    find: '        order by ingest_time, message_id\n',
    replace: '        order by ingest_time desc, message_id\n',
    breaks: 'A state that is published again later replaces the first one.',
    tests,
  },
  {
    name: 'key-is-the-message',
    file: 'definitions/marts/orders.sqlx',
    find: "uniqueKey: ['event_id']",
    replace: "uniqueKey: ['message_id']",
    breaks: "A publisher's retry has another message id: the event stands twice.",
    tests,
  },
  {
    name: 'batch-not-ranked',
    file: 'definitions/marts/user_activity.sqlx',
    find: '        partition by event_id\n',
    replace: '        partition by event_id, message_id\n',
    breaks: 'Two copies of an event in one run both become rows.',
    tests,
  },
  {
    name: 'tie-not-broken',
    file: 'definitions/marts/orders.sqlx',
    find: '  or (ingest_time = known_ingest_time and message_id < known_message_id)\n',
    replace: '',
    breaks:
      'Of raw events that arrived together another one is kept, depending on when runs happened.',
    tests,
  },
  {
    name: 'order-identity-without-status',
    file: 'definitions/staging/stg_orders.sqlx',
    find: "'order_id', 'status', 'unix_micros(order_date)'",
    replace: "'order_id', 'unix_micros(order_date)'",
    breaks: 'Of two statuses that an order reached at the same time one is taken for a duplicate.',
    tests,
  },
]
