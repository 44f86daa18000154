import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bucket } from './names.ts'

export type LandedLine = { message_id: string; event_type: string; object_name: string }

export type LandedFiles = {
  files: number
  lines: (LandedLine & { file: string })[]
}

/** Every line of every file under output/, with the name of its file. */
export async function readFiles(storageFolder: string): Promise<LandedFiles> {
  const cwd = join(storageFolder, bucket)
  const names = await Array.fromAsync(glob('output/**/*.json', { cwd }))
  const lines: LandedFiles['lines'] = []
  for (const file of names) {
    const text = await readFile(join(cwd, file), 'utf8')
    for (const line of text.split('\n').filter(Boolean)) {
      const { message_id, event_type, object_name }: LandedLine = JSON.parse(line)
      lines.push({ message_id, event_type, object_name, file })
    }
  }
  return { files: names.length, lines }
}
