import { BigQueryError } from '../../bigquery-error.ts'
import type { JsonStep } from '../printer/json-fields.ts'

const step =
  /\.([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff-]*)|\."((?:[^"\\]|\\.)*)"|\[(\d+)\]|\.(\d[\w-]*)/y
const legacyStep = /\.([^.[]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|\[(\d+)\]/y

/** The steps of a JSONPath. The JSON_EXTRACT functions quote keys as `['key']`. */
export function jsonPathSteps(path: string, isLegacy: boolean): JsonStep[] {
  const invalid = new BigQueryError('invalidQuery', `Invalid token in JSONPath at: ${path}`, {
    location: 'query',
  })
  if (!path.startsWith('$')) {
    throw new BigQueryError('invalidQuery', `JSONPath must start with '$'`, { location: 'query' })
  }
  const pattern = isLegacy ? legacyStep : step
  let at = 1
  const steps: JsonStep[] = []
  while (at < path.length) {
    pattern.lastIndex = at
    const match = pattern.exec(path)
    if (!match) throw invalid
    const index = isLegacy ? match[4] : match[3]
    const key = isLegacy ? (match[1] ?? match[2] ?? match[3]) : (match[1] ?? match[2] ?? match[4])
    steps.push(index === undefined ? unescaped(key ?? '') : Math.min(Number(index), 2 ** 31))
    at += match[0].length
  }
  return steps
}

function unescaped(key: string): string {
  return key.replaceAll(/\\(.)/g, '$1')
}
