import { runCommand, type CommandValues } from '../../command/command.ts'
import { demo } from './demo.ts'
import { options, readOptions } from './options.ts'

// Children end with this process: ending it is all that a signal has to do, unless somebody else listens.
const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }
for (const [signal, number] of Object.entries(numbers)) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number)
  })
}

const code = await runCommand({
  name: 'npm start',
  summary:
    'Takes 12,000 events of a shop the whole way, on this machine alone: Pub/Sub, the ingester, ' +
    'Cloud Storage, BigQuery, Dataform. Exit code 1 when it does not balance to the last event.',
  options,
  run: (values: CommandValues<typeof options>) => demo(readOptions(values)),
})
// Clients keep connections open for a while; nothing more is to come over them.
process.exit(code)
