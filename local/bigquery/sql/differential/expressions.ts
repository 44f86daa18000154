import { addresses } from './expressions/addresses.ts'
import { arrays } from './expressions/arrays.ts'
import { bignumeric } from './expressions/bignumeric.ts'
import { bytes } from './expressions/bytes.ts'
import { casts } from './expressions/casts.ts'
import { comparisons } from './expressions/comparisons.ts'
import { conditions } from './expressions/conditions.ts'
import { dates } from './expressions/dates.ts'
import { formats } from './expressions/formats.ts'
import { intervals } from './expressions/intervals.ts'
import { json } from './expressions/json.ts'
import { math } from './expressions/math.ts'
import { otherKindsOfTime } from './expressions/other-kinds-of-time.ts'
import { ranges } from './expressions/ranges.ts'
import { regexp } from './expressions/regexp.ts'
import { text } from './expressions/text.ts'
import { timestamps } from './expressions/timestamps.ts'

/** Expressions over the columns of `awkwardRows`, by family; every rule should occur. */
export const expressions: Record<string, string[]> = {
  casts,
  math,
  bignumeric,
  comparisons,
  conditions,
  text,
  addresses,
  bytes,
  regexp,
  json,
  arrays,
  dates,
  'functions of one kind of time, given another,': otherKindsOfTime,
  intervals,
  ranges,
  formats,
  timestamps,
}
