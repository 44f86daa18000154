import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../../command/command.ts'
import type { PlantedFault } from './planted-fault.ts'

/** The file of a fault as it is and with the fault in it; says so where its text is not there once. */
export async function readPlanted(
  folder: string,
  { name, file, find, replace }: PlantedFault,
): Promise<{ path: string; sound: string; faulty: string }> {
  const path = join(folder, file)
  const sound = await readFile(path, 'utf8')
  const times = sound.split(find).length - 1
  if (times !== 1) {
    throw new CommandError(
      `the text that ${name} replaces stands ${times} times in ${file}, expected once: ${JSON.stringify(find)}`,
    )
  }
  return { path, sound, faulty: sound.replace(find, () => replace) }
}

/** Does something while the fault is planted. */
export async function withFault<T>(
  folder: string,
  fault: PlantedFault,
  action: () => Promise<T>,
): Promise<T> {
  const { path, sound, faulty } = await readPlanted(folder, fault)
  await writeFile(path, faulty)
  try {
    return await action()
  } finally {
    await writeFile(path, sound)
  }
}
