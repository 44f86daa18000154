import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Endpoint } from '../../endpoint.ts'

/** The jar of gcloud's pubsub-emulator component; undefined where that or a Java that runs is not installed. */
export async function findGoogleEmulator(): Promise<string | undefined> {
  const run = promisify(execFile)
  try {
    await run('java', ['-version'])
    const { stdout } = await run('gcloud', ['info', '--format=value(installation.sdk_root)'])
    const folder = join(stdout.trim(), 'platform', 'pubsub-emulator', 'lib')
    const jar = (await readdir(folder)).find((name) => /^cloud-pubsub-emulator-.*\.jar$/.test(name))
    return jar && join(folder, jar)
  } catch (error) {
    // No java, gcloud or component, or a java that only says where to get one.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || typeof code === 'number') return undefined
    throw error
  }
}

/** Starts it on a free port and waits until it accepts connections. */
export async function startGoogleEmulator(jar: string): Promise<Endpoint> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m']
  const java = spawn('java', [...flags, '-jar', jar, '--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
  })
  const exited = once(java, 'exit')
  while (!(await accepts(port))) {
    if (java.exitCode !== null) throw new Error(`Google's emulator ended with ${java.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    address,
    port,
    async stop() {
      java.kill()
      await exited
    },
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port was found')
  return address.port
}
