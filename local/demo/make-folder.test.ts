import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

let parent: string

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'demo-'))
})
afterAll(() => rm(parent, { recursive: true }))

test('what an earlier run left is gone', async () => {
  const folder = join(parent, 'again')
  await makeFolder(folder)
  await writeFile(join(folder, 'pid'), '999999999')
  await writeFile(join(folder, 'bigquery.duckdb'), 'old')
  await makeFolder(folder)

  expect(await readdir(folder)).toEqual(['pid'])
})

test('the folder of a run that is not over stays as it is', async () => {
  const folder = join(parent, 'busy')
  await makeFolder(folder)

  await expect(makeFolder(folder)).rejects.toThrow(`is in use by process ${process.pid}`)
})

test('a folder that no demo has made is not emptied', async () => {
  const folder = join(parent, 'mine')
  await mkdir(folder)
  await writeFile(join(folder, 'thesis.txt'), 'years of work')

  await expect(makeFolder(folder)).rejects.toThrow('holds something else than an earlier demo')
  expect(await readdir(folder)).toEqual(['thesis.txt'])
})
