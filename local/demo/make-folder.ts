import { existsSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../../command/command.ts'

/** Empties the folder of an earlier run, unless that run still lives in it. */
export async function makeFolder(folder: string): Promise<void> {
  const owner = join(folder, 'pid')
  await mkdir(folder, { recursive: true })
  const content = await readdir(folder)
  if (content.length > 0 && !content.includes('pid')) {
    throw new CommandError(`${folder} holds something else than an earlier demo: it stays as it is`)
  }
  const pid = content.length > 0 ? Number(await readFile(owner, 'utf8')) : 0
  if (pid > 0 && isAlive(pid)) {
    throw new CommandError(`${folder} is in use by process ${pid}: end that demo first`)
  }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(owner, String(process.pid))
  // Another process may get this number one day.
  process.once('exit', () => {
    if (existsSync(owner)) writeFileSync(owner, '0')
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
