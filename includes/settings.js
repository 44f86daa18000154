/** The variables of dataform.json as numbers; a value that is none stops the compilation. */
function wholeNumber(name) {
  const text = dataform.projectConfig.vars[name]
  if (!/^[1-9][0-9]*$/.test(text ?? '')) {
    throw new Error(`the variable ${name} must be a whole number above 0, not "${text}"`)
  }
  return Number(text)
}

/** Days after which a partition of a typed table expires. */
const retentionDays = () => wholeNumber('retentionDays')

/** A full refresh must not take what raw events can no longer give back. */
const outlivesRawEvents = () => retentionDays() > wholeNumber('rawRetentionDays')

/** Days back to which an event is typed: its partition then lives for a day at least. */
const acceptedDays = () => Math.max(retentionDays() - 2, 0)

/** Minutes that a raw event may become visible later than one with a later ingest_time. */
const overlapMinutes = () => wholeNumber('overlapMinutes')

/** Days back to which assertions look: the partitions that runs change as a rule. */
const assertedDays = () => wholeNumber('assertedDays')

module.exports = { retentionDays, outlivesRawEvents, acceptedDays, overlapMinutes, assertedDays }
