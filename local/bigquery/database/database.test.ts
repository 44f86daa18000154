import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from './database.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a reader sees its own moment, whatever is committed meanwhile', async () => {
  const database = await openDatabase({ path: ':memory:' })
  const { connection, commit } = await database.begin()
  await connection.run('CREATE TABLE t (n INTEGER)')
  await commit()

  const pin = await database.pin()
  const later = await database.begin()
  await later.connection.run('DROP TABLE t')
  await later.commit()

  expect(await count(pin.connection)).toBe(0n)
  await pin.release()
  await database.close()
})

test('writers take turns, and what is rolled back never was', async () => {
  const database = await openDatabase({ path: ':memory:' })
  const first = await database.begin()
  await first.connection.run('CREATE TABLE t (n INTEGER)')
  const second = database.begin()
  await first.commit()

  const { connection, rollback } = await second
  await connection.run('INSERT INTO t VALUES (1)')
  await rollback()

  const pin = await database.pin()
  expect(await count(pin.connection)).toBe(0n)
  await pin.release()
  await database.close()
})

test('a reader cannot write', async () => {
  const database = await openDatabase({ path: ':memory:' })
  const { connection, release } = await database.pin()

  await expect(connection.run('CREATE TABLE t (n INTEGER)')).rejects.toThrow('read-only')

  await release()
  await database.close()
})

test('a process that is killed leaves every committed row', async () => {
  const path = join(folder, 'killed.duckdb')
  const script = `
    import { openDatabase } from '${join(import.meta.dirname, 'database.ts')}'
    const database = await openDatabase({ path: ${JSON.stringify(path)} })
    const first = await database.begin()
    await first.connection.run('CREATE TABLE t (n INTEGER)')
    await first.commit()
    for (let n = 1; ; n++) {
      const { connection, commit } = await database.begin()
      await connection.run('INSERT INTO t VALUES (' + n + ')')
      await commit()
      process.stdout.write(n + '\\n')
    }`
  const child = spawn('node', ['--input-type=module', '--eval', script])
  let committed = 0
  for await (const text of child.stdout) {
    committed = Number(String(text).trim().split('\n').at(-1))
    if (committed >= 25) break
  }
  child.kill('SIGKILL')
  await once(child, 'exit')

  const database = await openDatabase({ path })
  const { connection, release } = await database.pin()
  expect(await count(connection)).toBeGreaterThanOrEqual(committed)
  await release()
  await database.close()
})

async function count(connection: {
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>
}): Promise<unknown> {
  const reader = await connection.runAndReadAll('SELECT count(*) FROM t')
  return reader.getRows()[0]?.[0]
}
