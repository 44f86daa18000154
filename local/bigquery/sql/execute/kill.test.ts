import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestEngine } from './test-engine.ts'

test('a process that is killed leaves every statement that was answered, and no half of one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  const path = join(folder, 'killed.duckdb')
  const script = `
    import { startTestEngine } from '${join(import.meta.dirname, 'test-engine.ts')}'
    const engine = await startTestEngine(${JSON.stringify(path)})
    await engine.run('create schema shop')
    for (let n = 1; ; n++) {
      await engine.run(
        'create table shop.t' + n + ' as select x from unnest(generate_array(1, 100)) as x;' +
        'create temp table part as select 1 as x')
      process.stdout.write(n + '\\n')
    }`
  const child = spawn('node', ['--input-type=module', '--eval', script])
  let answered = 0
  for await (const text of child.stdout) {
    answered = Number(String(text).trim().split('\n').at(-1))
    if (answered >= 5) break
  }
  child.kill('SIGKILL')
  await once(child, 'exit')

  const engine = await startTestEngine(path)
  const tables = engine.catalog.current.tables({ projectId: 'shop-events', datasetId: 'shop' })
  expect(tables.length).toBeGreaterThanOrEqual(answered)
  for (const { tableReference } of tables) {
    expect(await engine.rows(`select count(*) from shop.${tableReference.tableId}`)).toEqual([
      ['100'],
    ])
  }
  expect(engine.catalog.current.hiddenDatasets()).toEqual([])
  await engine.close()
  await rm(folder, { recursive: true })
})
