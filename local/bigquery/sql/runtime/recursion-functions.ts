import { scalarFunction, type ScalarFunction } from './scalar-function.ts'

const longest = 500
const remembered = 1000

/** How many iterations each recursive query has begun, by the key that its text gives it. */
const iterations = new Map<string, number>()

/** BigQuery ends a recursive query that has not ended by itself after so many iterations. */
export const recursionFunctions: Record<string, ScalarFunction> = {
  js_recursion_begins: {
    ...scalarFunction(['text'], 'bool', (key) => {
      iterations.delete(key)
      iterations.set(key, 0)
      const [oldest] = iterations.keys()
      if (iterations.size > remembered && oldest !== undefined) iterations.delete(oldest)
      return true
    }),
    isVolatile: true,
  },
  js_recursion_goes_on: {
    ...scalarFunction(['text'], 'bool', (key) => {
      const count = (iterations.get(key) ?? 0) + 1
      iterations.set(key, count)
      if (count <= longest) return true
      throw new Error(`A recursive CTE has reached the maximum number of iterations: ${longest}.`)
    }),
    isVolatile: true,
  },
}
