import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createValidators } from './contract-validators.ts'
import { readContracts } from './read-contracts.ts'

test('a contract that says what no contract can is named in one sentence', () => {
  const [order] = readContracts()
  if (!order) throw new Error('there is no contract')
  const schema = { ...order.schema, propertis: {} }

  expect(() => createValidators([{ ...order, schema }])).toThrow(
    /^The contract of order is malformed: strict mode: unknown keyword: "propertis"\.$/,
  )
})

test('a contract that is no JavaScript is told with its file and line', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'contracts-')), 'includes')
  const load = (): unknown => {
    writeFileSync(`${folder}-order.js`, 'module.exports = {\n  status: oneOf)(\n}\n')
    return createRequire(import.meta.url)(`${folder}-order.js`)
  }

  expect(() => readContracts(Object.assign(load, createRequire(import.meta.url)))).toThrow(
    /^The contracts in includes\/ cannot be read: Unexpected token '\)' in includes-order\.js:2\.$/,
  )
})
