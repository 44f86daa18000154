import { readFileSync } from 'node:fs'
import { startReference } from './local/bigquery/sql/analyzer/reference.ts'
import { canonicalReferenceValue } from './local/bigquery/sql/differential/canonical-value.ts'
import { startTestEngine } from './local/bigquery/sql/execute/test-engine.ts'
const text = process.argv[2] === '-' ? readFileSync(0, 'utf8') : process.argv.slice(2).join('\n')
const reference = await startReference()
const engine = await startTestEngine()
for (const line of text.split('\n').filter((l) => l.trim() && !l.startsWith('#'))) {
  const sql = /^\s*(select|with)\b/i.test(line) ? line : `select ${line}`
  let ref: string, own: string
  try {
    const { columns, rows } = await reference.evaluate(sql)
    ref = rows.map((r) => columns.map((c, i) => { try { return canonicalReferenceValue(r[i], c.type) } catch { return JSON.stringify(r[i]) } }).join(' | ')).join(' ; ')
  } catch (e) { ref = 'ERROR ' + (e as Error).message }
  try { own = (await engine.rows(sql)).map((r) => r.map((v) => JSON.stringify(v)).join(' | ')).join(' ; ') } catch (e) { own = 'ERROR ' + (e as Error).message }
  const norm = (s: string) => s.replaceAll(/["\\]/g, '').replaceAll(',', ', ').replaceAll(/\s+/g, ' ').replace(/^NULL$/, 'null')
  console.log(`${norm(ref) === norm(own) ? 'same' : '????'} ${line}\n     ref ${ref.slice(0, 400)}\n     own ${own.slice(0, 400)}`)
}
await reference.stop()
await engine.close()
