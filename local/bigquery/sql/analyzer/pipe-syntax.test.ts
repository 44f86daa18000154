import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Analyzer, startAnalyzer } from './analyzer.ts'

let analyzer: Analyzer
beforeAll(async () => {
  analyzer = await startAnalyzer()
})
afterAll(() => analyzer.stop())

test.each([
  'from t |> where a > 1',
  'select 1 as a |> select a',
  'select 1; (select 1) |> limit 1',
])('pipe syntax is refused by its name: %s', async (sql) => {
  await expect(analyzer.parseScript(sql)).rejects.toThrow(
    'not supported by the local engine: pipe syntax',
  )
})

test.each(["select '|>' frm t", 'select `|>` frm t x', 'select 1 -- |>\n frm t x'])(
  'a pipe in a string, name or comment changes no syntax error: %s',
  async (sql) => {
    await expect(analyzer.parseScript(sql)).rejects.toThrow('Syntax error')
  },
)
