import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../command.ts'

/** What this process has locked: in a container the process killed before may have had our number. */
const held = new Set<string>()

/**
 * Two servers over one folder would each miss what the other one writes. A lock that a killed process left
 * behind does not count. Returns what gives it back.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, '.metadata', 'lock')
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
    const owner = Number(readFileSync(path, 'utf8'))
    if (owner === process.pid ? held.has(path) : isRunning(owner)) {
      const words = `${folder} is in use by another local Cloud Storage (process ${owner})`
      throw new CommandError(words, { cause: error })
    }
    writeFileSync(path, String(process.pid))
  }
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
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
