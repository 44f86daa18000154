import { basename } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Endpoint } from '../endpoint.ts'
import { administration } from './conformance/administration.ts'
import { findGoogleEmulator, startGoogleEmulator } from './conformance/google-emulator.ts'
import { leases } from './conformance/leases.ts'
import { publishing } from './conformance/publishing.ts'
import { selection } from './conformance/selection.ts'
import { connect, disconnect, type ServerUnderTest, type Suite } from './conformance/server.ts'
import { streams } from './conformance/streams.ts'
import { startPubSub } from './start-pubsub.ts'

const jar = await findGoogleEmulator()
const state = jar
  ? basename(jar)
  : 'skipped, as it or Java is not installed: gcloud components install pubsub-emulator'

// Reporters show the names of suites only when something fails.
console.info(`the Pub/Sub tests run against the local Pub/Sub and Google's emulator (${state})`)

const suites: { name: string; suite: Suite }[] = [
  { name: 'administration', suite: administration },
  { name: 'publishing', suite: publishing },
  { name: 'leases', suite: leases },
  { name: 'selection', suite: selection },
  { name: 'streams', suite: streams },
]

describe('the local Pub/Sub', () => {
  runSuites(() => startPubSub({ port: 0 }))
})

describe.skipIf(!jar)(`Google's Pub/Sub emulator (${state})`, () => {
  runSuites(() => startGoogleEmulator(jar ?? ''), { isGoogleEmulator: true })
})

function runSuites(
  start: () => Promise<Endpoint>,
  { isGoogleEmulator = false }: { isGoogleEmulator?: boolean } = {},
): void {
  let server: ServerUnderTest | undefined

  function running(): ServerUnderTest {
    if (!server) throw new Error('the server has not started')
    return server
  }

  beforeAll(async () => {
    server = connect(await start())
  })
  afterAll(async () => {
    if (server) await disconnect(server)
  })
  describe.concurrent.each(suites)('$name', ({ suite }) => {
    suite(running, isGoogleEmulator)
  })
}
