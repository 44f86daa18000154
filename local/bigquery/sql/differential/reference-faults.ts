/** Where the reference evaluator itself is known not to do as BigQuery does. */
const faults: { what: string; query: RegExp; says: RegExp }[] = [
  {
    what: 'SAFE_CAST to a type with parameters is an error where the value is too great for them, not NULL',
    query: /SAFE_CAST\(/,
    says: /^NUMERIC\(\d+, \d+\) has precision|^numeric overflow: ROUND/,
  },
]

/** Whether the reference's error says nothing about BigQuery. */
export function isReferenceFault(sql: string, message: string): boolean {
  return faults.some(({ query, says }) => query.test(sql) && says.test(message))
}
