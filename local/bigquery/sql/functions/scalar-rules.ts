import { arrayRules } from './array-rules.ts'
import { bignumericRules } from './bignumeric-rules.ts'
import { bucketRules } from './bucket-rules.ts'
import { bytesRules } from './bytes-rules.ts'
import { comparisonRules } from './comparison-rules.ts'
import { conditionalRules } from './conditional-rules.ts'
import { dateRules } from './date-rules.ts'
import { formatRules } from './format-rules.ts'
import { intervalRules } from './interval-rules.ts'
import { jsonEditRules } from './json-edit-rules.ts'
import { jsonRules } from './json-rules.ts'
import { latinRules } from './latin-rules.ts'
import { mathRules } from './math-rules.ts'
import { numericRules } from './numeric-rules.ts'
import { rangeRules } from './range-rules.ts'
import { regexpRules } from './regexp-rules.ts'
import type { Rules } from './rule.ts'
import { textRules } from './text-rules.ts'
import { timestampRules } from './timestamp-rules.ts'

/** Every scalar function and operator that the local engine has; everything else is refused. */
export const scalarRules: Rules = {
  ...comparisonRules,
  ...conditionalRules,
  ...mathRules,
  ...numericRules,
  ...bignumericRules,
  ...textRules,
  ...bytesRules,
  ...latinRules,
  ...regexpRules,
  ...formatRules,
  ...jsonRules,
  ...jsonEditRules,
  ...arrayRules,
  ...dateRules,
  ...timestampRules,
  ...bucketRules,
  ...intervalRules,
  ...rangeRules,
}
