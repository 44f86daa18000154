import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const leftOut = new Set(['node_modules', '.git', '.local'])

/** A copy of the project that may be changed, in a folder of its own. */
export async function copyProject(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-faults-'))
  await cp(root, folder, { recursive: true, filter: (path) => !leftOut.has(basename(path)) })
  await linkPackages(join(root, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

/** Dataform takes only files that lie in the project: its own packages are copied, others linked. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const name of await readdir(from)) {
    if (name.startsWith('.') && name !== '.bin') continue
    if (name === '@dataform') await cp(join(from, name), join(to, name), { recursive: true })
    else await symlink(join(from, name), join(to, name))
  }
}
