import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCases } from './cases.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cases-'))))
afterAll(() => rm(folder, { recursive: true }))

const whole = { id: 'own/one', 'query.sql': 'select 1', 'expected.json': { rows: [] } }

test('cases are read line by line', async () => {
  await writeFile(join(folder, 'sql.jsonl'), `${JSON.stringify(whole)}\n\n`)

  expect(readCases(folder)).toEqual([{ kind: 'sql', case: whole }])
})

test.each([
  ['{"id":', 'line 3, is not JSON'],
  ['7', 'line 3, is no recorded case: it has no id, query.sql, expected.json'],
  ['{"id": "own/two", "query.sql": "select 2"}', 'it has no expected.json'],
])('the line %s is named', async (line, sentence) => {
  await writeFile(join(folder, 'sql.jsonl'), `${JSON.stringify(whole)}\n\n${line}\n`)

  expect(() => readCases(folder)).toThrow(sentence)
})
