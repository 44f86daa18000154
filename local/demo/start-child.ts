import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../../command/command.ts'

export type ChildOptions = {
  /** How people call it: "the ingester". */
  name: string
  /** Script and arguments, from the root of the repository. */
  args: string[]
  environment: Record<string, string>
  logFile: string
}

type End = number | NodeJS.Signals

/** A process of this one: it never outlives it. */
export type Child = {
  pid: number | undefined
  /** Exit code, or the signal that ended it. */
  ended: Promise<End>
  /** Everything it has written so far. */
  log(): Promise<string>
  /** Never fulfils; rejects with the end of the log as soon as the process ends without being asked to. */
  failure: Promise<never>
  stop(signal?: NodeJS.Signals): Promise<End>
}

/** The root of the repository. */
export const root = join(import.meta.dirname, '..', '..')

/** What a child needs of our own environment; all else, above all credentials, stays here. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG']

/** Starts a script with this Node; what it writes goes to the log file. */
export function startChild({ name, args, environment, logFile }: ChildOptions): Child {
  mkdirSync(join(logFile, '..'), { recursive: true })
  const log = openSync(logFile, 'w')
  const guard = ['--import', join(import.meta.dirname, 'end-with-parent.ts')]
  const child = spawn(process.execPath, [...guard, ...args], {
    cwd: root,
    env: { ...pick(process.env, inherited), ...environment, ENDS_WITH_PID: String(process.pid) },
    stdio: ['ignore', log, log, 'ipc'],
    // A group of its own: Ctrl-C on the terminal reaches this process, which ends the child in good order.
    detached: true,
  })
  closeSync(log)

  const kill = (signal: NodeJS.Signals) => signalGroup(child.pid, signal)
  const killAtOnce = () => kill('SIGKILL')
  process.once('exit', killAtOnce)
  const ended = new Promise<End>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('exit', killAtOnce)
      resolve(signal ?? code ?? 0)
    })
  })
  let isStopping = false
  const failure = ended.then(async (end): Promise<never> => {
    if (isStopping) return new Promise(() => {})
    throw await childFailure(name, end, logFile)
  })
  // Nobody may be waiting at that moment; who waits later is told all the same.
  failure.catch(() => {})

  return {
    pid: child.pid,
    ended,
    log: () => readFile(logFile, 'utf8'),
    failure,
    stop(signal = 'SIGTERM') {
      isStopping = true
      kill(signal)
      return ended
    },
  }
}

/** One sentence and the last lines of what the process wrote. */
export async function childFailure(name: string, end: End, logFile: string): Promise<CommandError> {
  const how = typeof end === 'number' ? `with exit code ${end}` : `by ${end}`
  const log = (await readFile(logFile, 'utf8')).trimEnd()
  if (log === '') return new CommandError(`${name} ended ${how} and wrote nothing`)

  const lines = log.split('\n').slice(-15)
  return new CommandError(`${name} ended ${how}; the end of ${logFile}:\n${lines.join('\n')}`)
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function pick(from: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (from[name] ? [[name, from[name]]] : [])))
}
