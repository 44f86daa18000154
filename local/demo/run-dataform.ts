import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { childFailure, root, startChild } from './start-child.ts'
import type { OpenCloud } from './open-cloud.ts'

export type DataformRun = {
  assertionsPassed: number
  /** Everything that the CLI wrote, without colours. */
  log: string
}

const cli = join('node_modules', '@dataform', 'cli', 'bundle.js')

/** Runs the Dataform CLI on this repository; anything but success is an error with the end of its log. */
export async function runDataform(
  { environment, credentialsFile }: Pick<OpenCloud, 'environment' | 'credentialsFile'>,
  args: [command: 'run' | 'test', ...options: string[]],
  logFile: string,
): Promise<DataformRun> {
  const child = startChild({
    name: `dataform ${args.join(' ')}`,
    // The CLI takes the path from the project's folder.
    args: [cli, ...args, '--credentials', relative(root, credentialsFile)],
    environment,
    logFile,
  })
  const code = await child.ended
  if (code !== 0) throw await childFailure(`dataform ${args.join(' ')}`, code, logFile)

  const log = stripVTControlCharacters(await child.log())
  return { assertionsPassed: log.match(/^Assertion passed/gm)?.length ?? 0, log }
}
