import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'

const packageFolder = dirname(
  createRequire(import.meta.url).resolve('@fivetrandevelopers/zetasql/package.json'),
)

/** Where GoogleSQL's binaries and its protocol's definitions lie. */
export const googleSqlFolder = join(packageFolder, 'lib', 'zetasql')

/** GoogleSQL's service in a process of its own, listening on 127.0.0.1. */
export type Service = {
  port: number
  /** The process to watch; its end is the service's end. */
  processId: number
  stop(): Promise<void>
}

// The service would outlive us. The shell's input is a pipe from this process: however this process
// ends, by SIGKILL too, the input ends and the shell ends its group. The service's own end ends it too.
const untilInputEnds = '("$0" localhost "$1"; kill -9 0) & cat > /dev/null; kill -9 0'

export async function startService(): Promise<Service> {
  const port = await freePort()
  const child = spawn('sh', ['-c', untilInputEnds, binary(), String(port)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  await untilListening(child)
  const ended = once(child, 'exit')
  letProcessEnd(child)
  return {
    port,
    processId: child.pid ?? 0,
    async stop() {
      child.ref()
      child.stdin?.end()
      await ended
    },
  }
}

function binary(): string {
  const { platform, arch } = process
  if (!['linux', 'darwin'].includes(platform) || !['x64', 'arm64'].includes(arch)) {
    throw new Error(
      `the local BigQuery needs GoogleSQL's analyser, which exists for Linux and macOS on x64 and arm64, not for ${platform} on ${arch}`,
    )
  }
  const name = `remote_server${arch === 'arm64' ? '_arm' : ''}${platform === 'linux' ? '.so' : ''}`
  return join(googleSqlFolder, name)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function untilListening(child: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk
      if (said.includes('listening')) resolve()
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`GoogleSQL's analyser did not start: ${said}`)))
  })
}

/** An idle service is no reason to keep this process running. */
function letProcessEnd(child: ChildProcess): void {
  child.unref()
  for (const stream of child.stdio) {
    if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}
