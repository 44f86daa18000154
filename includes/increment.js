const settings = require('./settings.js')

/** What the incremental tables have in common: what a run reads, touches and already knows. */

/** Before every raw event. */
const beginning = "timestamp '1970-01-01'"

/**
 * The ingest_time from which a run reads raw events: the newest one that the table holds, less the
 * overlap for those that became visible late. Only the partitions of the last days are asked, so
 * that the price does not grow with the table; an older answer, or none, only means to read more,
 * never to miss an event.
 */
function readFrom(table) {
  return `coalesce((
    select timestamp_sub(max(ingest_time), interval ${settings.overlapMinutes()} minute)
    from ${table}
    where event_date >= date_sub(current_date(), interval 7 day)
  ), ${beginning})`
}

/** The same for a table that keeps too few raw events to tell: it notes how far it has read. */
function readFromNoted(tableName, positions) {
  return `coalesce((
    select timestamp_sub(read_until, interval ${settings.overlapMinutes()} minute)
    from ${positions}
    where table_name = '${tableName}'
  ), ${beginning})`
}

/** The dates of the raw events of a run, exactly: what it reads, or has to look at again. */
function datesOfRun(date, source, condition = '') {
  return `array(
    select distinct ${date}
    from ${source}
    where ingest_time >= read_from${condition}
  )`
}

/** The partitions that the events of a run belong to: all that its MERGE has to look at. */
function touchedDates(source) {
  return datesOfRun('event_date', source, ' and rejection_code is null')
}

/** The same of messages, which keep their publish_time. */
function publishDates(source) {
  return datesOfRun('date(publish_time)', source)
}

/** The same of all raw events, wherever they are kept. */
function partitionDates(source) {
  return datesOfRun('partition_date', source)
}

/** Of arrived_dates those in which a raw event of a run is not the one that is kept of its identity. */
function suppressedDates(arrivals, keptEvents) {
  return `array(
    with
      new_events as (
        select table_name, identity, partition_date, event_type, message_id, ingest_time
        from ${arrivals}
        where ingest_time >= read_from
      ),
      known_events as (
        select
          table_name,
          identity,
          partition_date,
          event_type as kept_event_type,
          message_id as kept_message_id,
          ingest_time as kept_ingest_time
        from ${keptEvents}
        where partition_date in unnest(arrived_dates)
      ),
      shared_identities as (
        select table_name, identity, partition_date
        from
          new_events
          inner join known_events using (table_name, identity, partition_date)
        group by table_name, identity, partition_date
        having
          count(*) > 1
          or not logical_and(
            message_id = kept_message_id
            and ingest_time = kept_ingest_time
            and event_type = kept_event_type
          )
      )
    select distinct partition_date
    from shared_identities
  )`
}

/** The dates on which the raw events of a run arrived. */
function arrivalDates(source) {
  return datesOfRun('date(ingest_time)', source)
}

/**
 * The partitions that hold any raw event of the messages of a run, if they have not expired: those
 * of the events, and those of the messages themselves, should one of them be rejected.
 */
function bookedDates(source) {
  const dates = `${source} cross join unnest([partition_date, date(publish_time)]) as booked_date`
  return datesOfRun('booked_date', dates, ' and booked_date > expired_date')
}

/** What a run touches that makes its table anew: nothing that exists. */
const noDates = 'array<date>[]'

/** Stands for the rows of a table that is being made anew: none. */
const noRows = `unnest(array<struct<
    event_id string, event_date date, message_id string, ingest_time timestamp,
    source string, object_name string, publish_date date
  >>[])`

module.exports = {
  beginning,
  readFrom,
  readFromNoted,
  touchedDates,
  publishDates,
  partitionDates,
  suppressedDates,
  arrivalDates,
  bookedDates,
  noDates,
  noRows,
}
