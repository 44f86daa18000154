import type { PlantedFault } from './planted-fault.ts'

const tests = ['test/books.test.ts']

/** Faults of the books: how duplicates are explained, rejections closed and raw events counted. */
export const booksFaults: PlantedFault[] = [
  {
    name: 'conflicts-unseen',
    file: 'definitions/marts/duplicate_events.sqlx',
    find: "        when content != kept_content then 'conflict'\n",
    replace: '',
    breaks: 'An event that was published again with other content passes for a retry.',
    tests,
  },
  {
    name: 'duplicate-before-it-is-read',
    file: 'definitions/marts/duplicate_events.sqlx',
    find: '      ingest_time > kept_ingest_time\n',
    replace: '      true\n',
    breaks: 'What came in while a run went on is booked as a duplicate, and the next run keeps it.',
    tests,
  },
  {
    name: 'kept-one-is-its-own-duplicate',
    file: 'definitions/marts/duplicate_events.sqlx',
    find: '        and event_type = kept_event_type,\n',
    replace: '        and false,\n',
    breaks: 'Every event that is kept is booked twice.',
    tests,
  },
  {
    name: 'rejection-closed-by-any-arrival',
    file: 'definitions/marts/rejected_events.sqlx',
    find: "      and arrivals.table_name != 'rejected_events'\n",
    replace: '',
    breaks: 'A rejection closes although the event never entered its table.',
    tests,
  },
  {
    name: 'rejection-closed-beforehand',
    file: 'definitions/marts/rejected_events.sqlx',
    find: '      and arrivals.ingest_time >= rejections.ingest_time\n',
    replace: '',
    breaks: 'Whether a rejection is closed depends on when runs happened.',
    tests,
  },
  {
    name: 'ledger-counts-parts-of-hours',
    file: 'definitions/marts/ledger.sqlx',
    find: ',\n    hour\n  );',
    replace: ',\n    second\n  );',
    breaks: 'A run replaces the counts of an hour by those of its last minutes.',
    tests,
  },
  {
    name: 'ledger-forgets-rejections-of-messages',
    file: 'includes/increment.js',
    find: 'unnest([partition_date, date(publish_time)]) as booked_date',
    replace: 'unnest([partition_date]) as booked_date',
    breaks: 'A message that was rejected first counts as another one when it lands again.',
    tests,
  },
  {
    name: 'ledger-believes-the-tables',
    file: 'definitions/marts/ledger.sqlx',
    find: '  raw_events - typed - rejected - duplicates - expired as unaccounted\n',
    replace: '  0 as unaccounted\n',
    breaks: 'The ledger balances whatever is lost.',
    tests,
  },
  {
    name: 'revalidated-twice',
    file: 'revalidate/open-rejections.ts',
    find: 'coalesce(has_landed, false) as has_landed',
    replace: 'false as has_landed',
    breaks: 'Until the next run of Dataform every call lands the same events again.',
    tests: ['revalidate/revalidate.test.ts'],
  },
  {
    name: 'revalidated-under-the-same-batch',
    file: 'revalidate/land-again.ts',
    find: 'batchIdOf(ids, first.source)',
    replace: "batchIdOf(ids, 'pubsub')",
    breaks:
      'A file of the ingester is taken for the new one: its lines say that the event is rejected.',
    tests: ['revalidate/revalidate.test.ts'],
  },
  {
    name: 'revalidated-row-taken-for-the-first',
    file: 'ingest/line.ts',
    find: "return source === 'pubsub' ? messageId : `${source} ${messageId}`",
    replace: 'return messageId',
    breaks:
      'BigQuery drops the row of an event that lands again within a minute: it stays rejected.',
    tests: ['ingest/decode-line.test.ts'],
  },
]
