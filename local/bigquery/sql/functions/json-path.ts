import { BigQueryError } from '../../bigquery-error.ts'
import { pathStep } from '../printer/json-fields.ts'

const step =
  /\.([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff-]*)|\."((?:[^"\\]|\\.)*)"|\[(\d+)\]|\.(\d[\w-]*)/y
const legacyStep = /\.([^.[]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|\[(\d+)\]/y

/** A JSONPath of GoogleSQL in DuckDB's spelling. The JSON_EXTRACT functions quote keys as `['key']`. */
export function duckJsonPath(path: string, isLegacy: boolean): string {
  const invalid = new BigQueryError('invalidQuery', `Invalid token in JSONPath at: ${path}`, {
    location: 'query',
  })
  if (!path.startsWith('$')) {
    throw new BigQueryError('invalidQuery', `JSONPath must start with '$'`, { location: 'query' })
  }
  const pattern = isLegacy ? legacyStep : step
  let at = 1
  let result = '$'
  while (at < path.length) {
    pattern.lastIndex = at
    const match = pattern.exec(path)
    if (!match) throw invalid
    const index = isLegacy ? match[4] : match[3]
    const key = isLegacy ? (match[1] ?? match[2] ?? match[3]) : (match[1] ?? match[2] ?? match[4])
    result += index === undefined ? pathStep(unescaped(key ?? '')) : `[${index}]`
    at += match[0].length
  }
  return result
}

function unescaped(key: string): string {
  return key.replaceAll(/\\(.)/g, '$1')
}
