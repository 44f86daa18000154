import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../command/command.ts'

/** Short against what a client waits for, and long against what the kernel needs to keep count. */
const periodMicros = 20_000
const versionOne = '/sys/fs/cgroup/cpu'
const versionTwo = '/sys/fs/cgroup'

/**
 * Lets a process have no more than this share of a core, whatever else the core does. The answer ends the
 * limit, once the process has ended. Only Linux can do it, for who may make a control group.
 */
export function limitShare(pid: number, share: number): () => void {
  const hasVersionTwo = existsSync(join(versionTwo, 'cgroup.controllers'))
  const group = join(hasVersionTwo ? versionTwo : versionOne, `bench-${pid}`)
  const quota = String(Math.round(periodMicros * share))
  try {
    mkdirSync(group)
    if (hasVersionTwo) writeFileSync(join(group, 'cpu.max'), `${quota} ${periodMicros}`)
    else {
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodMicros))
      writeFileSync(join(group, 'cpu.cfs_quota_us'), quota)
    }
    writeFileSync(join(group, 'cgroup.procs'), String(pid))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `a share of a core takes a control group with a CPU quota, which only root of a Linux machine can make: ${why}`,
    )
  }
  return () => rmdirSync(group)
}
