import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CommandError } from '../../command/command.ts'

/** What this process has locked: in a container the process killed before may have had our number. */
const held = new Set<string>()

/** A process that was killed this moment may still be there for the system. */
const patienceMs = 1_000
const pauseMs = 50

/**
 * Two servers over one folder would each miss what the other one writes. A lock that a killed process left
 * behind does not count. Returns what gives it back.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const path = join(folder, '.metadata', 'lock')
  mkdirSync(join(folder, '.metadata'), { recursive: true })
  for (let waited = 0; ; waited += pauseMs) {
    const owner = tryLock(path)
    if (owner === undefined) break
    if (owner === process.pid || waited >= patienceMs) {
      const words = `${folder} is in use by another local Cloud Storage (process ${owner})`
      throw new CommandError(words)
    }
    await setTimeout(pauseMs)
  }
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
}

/** Returns the process that has it, if one does. */
function tryLock(path: string): number | undefined {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return undefined
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
  }
  const owner = Number(readFileSync(path, 'utf8'))
  if (owner === process.pid ? held.has(path) : isRunning(owner)) return owner
  writeFileSync(path, String(process.pid))
  return undefined
}

function isRunning(processId: number): boolean {
  // A lock that was torn while it was written has no owner any more.
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // A process of another user cannot be signalled, but it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
