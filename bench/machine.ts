import { existsSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'

/** The program that pins a process to a core; Linux has it. */
export function findTaskset(): string | undefined {
  return ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))
}

/** What a figure must be read with: the machine, the Node, the day and what else was running. */
export function describeMachine(now: Date): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const load = loadavg()[0]?.toFixed(1)
  return (
    `${now.toISOString().slice(0, 10)}, ${availableParallelism()} cores (${model}), ` +
    `${gigabytes} GiB, ${platform()} ${arch()}, Node ${process.versions.node}, load ${load} at the start`
  )
}

/** How long a core has worked since the machine started, for whomever. */
export function busyMs(core: number): number {
  const times = cpus()[core]?.times
  return times ? times.user + times.nice + times.sys + times.irq : 0
}
