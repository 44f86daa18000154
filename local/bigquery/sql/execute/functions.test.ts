import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())

test.each<[string, unknown]>([
  [`json_keys(json '{"b": {"d": 1, "c": [{"x": 1}]}, "a": 2}')`, ['a', 'b', 'b.c', 'b.d']],
  [`json_keys(json '{"b": {"d": 1}, "a": 2}', 1)`, ['a', 'b']],
  ["json_keys(json '[1]')", []],
])('what the reference does not know: %s', async (expression, value) => {
  expect(await engine.rows(`select ${expression}`)).toEqual([[value]])
})

test('a refusal is no error that a query could catch', async () => {
  const keys = `json_keys(json '{"a b": 1}')`
  const refusal = 'not supported by the local engine: '

  expect(await engine.refusal(`select ${keys}`)).toBe(`${refusal}JSON_KEYS of the key "a b"`)
  expect(await engine.refusal(`select safe.${keys}`)).toBe(`${refusal}an error caught in JSON_KEYS`)
  expect(await engine.refusal(`select iferror(${keys}, [])`)).toBe(
    `${refusal}an error caught in IFERROR`,
  )
})
