import { ValueError } from '../database/decode-value.ts'
import { canonicalJson } from '../sql/runtime/canonical-json.ts'
import { JsonTextError } from '../sql/runtime/json-text-error.ts'

/** The text that a JSON column keeps; what is no JSON is a fault of its row. */
export function jsonColumnText(text: string): string {
  try {
    return canonicalJson(text)
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error
    throw new ValueError(error.message, { cause: error })
  }
}
