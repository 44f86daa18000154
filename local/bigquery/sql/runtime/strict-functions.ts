import { bignumericFunctions } from './bignumeric-functions.ts'
import { bytesFunctions } from './bytes-functions.ts'
import { numberFunctions } from './number-functions.ts'
import { type ScalarFunction, strictly } from './scalar-function.ts'
import { timeFunctions } from './time-functions.ts'

const complaints: Record<string, (text: string) => string> = {
  js_int64: (text) => `Bad int64 value: ${text}`,
  js_float64: (text) => `Bad double value: ${text}`,
  js_numeric: (text) => `Invalid NUMERIC value: ${clipped(text)}`,
  js_bignumeric: (text) => `Invalid BIGNUMERIC value: ${clipped(text)}`,
  js_bool: (text) => `Bad bool value: ${text}`,
  js_date: (text) => `Invalid date: '${text}'`,
  js_datetime: (text) => `Invalid datetime string "${text}"`,
  js_time: (text) => `Invalid time string "${text}"`,
  js_timestamp: (text) => `Invalid timestamp: '${text}'`,
  js_timestamp_in_zone: (text) => `Invalid timestamp: '${text}'`,
  js_valid_text: () => 'Invalid cast of bytes to UTF8 string',
}

const lenient: Record<string, ScalarFunction> = {
  ...numberFunctions,
  ...bignumericFunctions,
  ...bytesFunctions,
  ...timeFunctions,
}

/** The parsers of texts as CAST uses them; SAFE_CAST uses those that give NULL. */
export const strictFunctions: Record<string, ScalarFunction> = Object.fromEntries(
  Object.entries(complaints).flatMap(([name, complaint]) => {
    const parser = lenient[name]
    return parser ? [[`${name}_strict`, strictly(parser, complaint)]] : []
  }),
)

/** The beginning of a long text, as complaints about numbers show it. */
function clipped(text: string): string {
  return text.length > 32 ? `${text.slice(0, 32)}...` : text
}
