import { expect, test } from 'vitest'
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
      [{ type: 'BIGNUMERIC', isRequired: true }],
    ],
  })

  expect(min.supported).toEqual(['(any)'])
  expect(min.refused).toEqual(['(BIGNUMERIC)'])
})
