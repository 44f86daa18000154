import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../command/command.ts'
import { limitShare } from './cpu-share.ts'
import { findTaskset } from './machine.ts'

/** What a process has used since it started, and the most memory that it ever had. */
export type Usage = { cpuMicros: number; rss: number; peakRss: number }

export type MeasuredProcess = {
  usage(): Promise<Usage>
  /** Sends a message as soon as the script says `{ ready: true }`, and waits for the answer under that key. */
  ask(message: unknown, key: string): Promise<unknown>
  /** At once: nothing that a benchmark leaves behind is worth a farewell. */
  kill(): Promise<void>
}

export type ProcessOptions = {
  name: string
  args: string[]
  environment: Record<string, string>
  /** Everything that it writes. */
  logFile: string
  /** Pins it to this core, where the machine can. */
  core?: number
  /** Lets it have no more than this share of a core. */
  share?: number
}

export const root = join(import.meta.dirname, '..')

/** Starts a script with this Node on a core of its own. */
export function startMeasured(options: ProcessOptions): MeasuredProcess {
  const { name, logFile, share } = options
  const child = spawnPinned(options)
  const endLimit = share !== undefined && child.pid ? limitShare(child.pid, share) : undefined
  const ended = once(child, 'exit')
  let isKilled = false
  const failure = ended.then(async ([code]: unknown[]): Promise<never> => {
    if (isKilled) return new Promise(() => {})
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-10)
    throw new CommandError(`${name} ended with exit code ${code}:\n${lines.join('\n')}`)
  })
  // Whoever asks next is told.
  failure.catch(() => {})

  const ready = new Promise((resolve) => {
    child.on('message', (reply) => {
      if (typeof reply === 'object' && 'ready' in reply) resolve(true)
    })
  })

  async function ask(message: unknown, key: string): Promise<unknown> {
    await Promise.race([ready, failure])
    return await exchange(message, key)
  }

  async function exchange(message: unknown, key: string): Promise<unknown> {
    const answer = new Promise((resolve) => {
      function listen(reply: unknown) {
        if (typeof reply !== 'object' || reply === null || !(key in reply)) return
        child.off('message', listen)
        resolve(Object.entries(reply).find(([field]) => field === key)?.[1])
      }
      child.on('message', listen)
    })
    // A process that has just ended takes no message; then its failure is the answer.
    child.send(message as object, () => {})
    return await Promise.race([answer, failure])
  }

  return {
    ask,
    usage: async () => (await exchange('usage', 'usage')) as Usage,
    async kill() {
      isKilled = true
      child.kill('SIGKILL')
      await ended
      endLimit?.()
    },
  }
}

function spawnPinned({ args, environment, logFile, core }: ProcessOptions): ChildProcess {
  const log = openSync(logFile, 'w')
  const node = [process.execPath, '--import', join(import.meta.dirname, 'answer-usage.ts'), ...args]
  const taskset = core === undefined ? undefined : findTaskset()
  const [command = '', ...rest] = taskset ? [taskset, '-c', String(core), ...node] : node
  const child = spawn(command, rest, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  return child
}
