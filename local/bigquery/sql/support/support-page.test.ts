import { expect, test } from 'vitest'
import { aggregateRules } from '../functions/aggregate-rules.ts'
import { windowRules } from '../functions/analytic-call.ts'
import { scalarRules } from '../functions/scalar-rules.ts'
import { builtinFunctions } from './builtin-functions.ts'
import { functionSupport } from './function-support.ts'
import { repair, supportPage } from './support-page.ts'

test('docs/sql-support.md is what the rules say', async () => {
  const page = await supportPage()

  await expect(page, `draw it again: ${repair}`).toMatchFileSnapshot(
    '../../../../docs/sql-support.md',
  )
})

test('a form is supported where a rule has its types, and refused elsewhere', () => {
  const length = functionSupport({
    name: 'length',
    mode: 'SCALAR',
    signatures: [
      [{ type: 'STRING', isRequired: true }],
      [{ type: 'BYTES', isRequired: true }],
      [{ type: 'GEOGRAPHY', isRequired: true }],
    ],
  })

  expect(length.supported).toEqual(['(STRING)', '(BYTES)'])
  expect(length.refused).toEqual(['(GEOGRAPHY)'])
})

test('a rule for all types stands for every type that has values', () => {
  const min = functionSupport({
    name: 'min',
    mode: 'AGGREGATE',
    signatures: [
      [{ type: undefined, isRequired: true }],
      [{ type: 'GEOGRAPHY', isRequired: true }],
    ],
  })

  expect(min.supported).toEqual(['(any)'])
  expect(min.refused).toEqual(['(GEOGRAPHY)'])
})

test('each rule is of a function that GoogleSQL knows, and of types that it takes', async () => {
  const known = new Map((await builtinFunctions()).map(({ name, ...rest }) => [name, rest]))
  const unreachable = Object.keys({ ...scalarRules, ...aggregateRules, ...windowRules }).filter(
    (key) => {
      const [name = '', text] = key.split(/[()]/)
      const types = text?.split(',') ?? []
      const signatures = known.get(name)?.signatures ?? []
      // The last argument of a signature may come again and again.
      return !signatures.some((signature) =>
        types.every((type, index) => (signature[index]?.type ?? type) === type),
      )
    },
  )

  expect(unreachable).toEqual([])
})
