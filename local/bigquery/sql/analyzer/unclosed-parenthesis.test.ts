import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Analyzer, startAnalyzer } from './analyzer.ts'

let analyzer: Analyzer
beforeAll(async () => {
  analyzer = await startAnalyzer()
})
afterAll(() => analyzer.stop())

test.each([
  ['select (1 + 2 as x', 'Expected "," but got keyword AS at [1:15]'],
  ['select (a or b and c as x)', 'Expected "," but got keyword AS at [1:22]'],
  ['select 1 in (f(a, b) as x)', 'Expected "," but got keyword AS at [1:22]'],
  ["select 'é' ||\n  (('(' -- (\n || 'b') as x)", 'Expected "," but got keyword AS at [3:10]'],
])(
  'a parenthesis that is not closed behind an expression might become a struct: %s',
  async (sql, words) => {
    await expect(analyzer.parseScript(sql)).rejects.toThrow(`Syntax error: ${words}`)
  },
)

test.each([
  ['select (1 + as x)', 'Unexpected keyword AS at [1:13]'],
  ['select (select 1 as as x)', 'Unexpected keyword AS at [1:21]'],
  ['select (1, 2 as x)', 'Expected ")" or "," but got keyword AS at [1:14]'],
  ['select 1 from (t as x', 'Expected keyword JOIN but got end of script at [1:22]'],
  ['select 1 as as x', 'Unexpected keyword AS at [1:13]'],
])('elsewhere the words stay as they are: %s', async (sql, words) => {
  await expect(analyzer.parseScript(sql)).rejects.toThrow(`Syntax error: ${words}`)
})
