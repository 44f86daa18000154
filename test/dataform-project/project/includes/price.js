/** The price of a ride: a cent for each minute that was begun, a euro at least. */
function ofMinutes(minutes) {
  return `greatest(numeric '1', cast(${minutes} as numeric) / 100)`
}

module.exports = { ofMinutes }
