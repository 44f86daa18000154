import { once } from 'node:events'
import { resolve } from 'node:path'
import { defaultPorts, services, startCloud, type Cloud, type Service } from './cloud.ts'
import { runCommand, UsageError, wholeNumber } from '../command/command.ts'
import { shopEnvironment } from './demo/names.ts'

const titles: Record<Service, string> = {
  pubsub: 'Pub/Sub',
  storage: 'Cloud Storage',
  bigquery: 'BigQuery',
}

process.exitCode = await runCommand({
  name: 'npm run local',
  summary:
    'Starts Pub/Sub, Cloud Storage and BigQuery on this machine, until Ctrl-C. ' +
    'What they hold, messages of Pub/Sub apart, lies in the data folder and is there again next time.',
  options: {
    data: { type: 'string', value: 'FOLDER', help: 'where files and tables lie (default .local)' },
    only: {
      type: 'string',
      value: 'NAMES',
      help: 'start only these, with commas between them: pubsub, storage, bigquery',
    },
    shop: {
      type: 'boolean',
      help: 'make topic, subscription, bucket and tables as well, by the names in .env.example',
    },
    'pubsub-port': portOption('pubsub'),
    'storage-port': portOption('storage'),
    'bigquery-port': portOption('bigquery'),
  },
  async run({ data = '.local', only, shop, ...given }) {
    if (shop && only !== undefined)
      throw new UsageError('--shop needs all three: it excludes --only')
    const ports: Partial<Record<Service, number>> = {}
    for (const service of only === undefined ? services : only.split(',').map(serviceOf)) {
      const option = `${service}-port` as const
      const text = given[option]
      ports[service] =
        text === undefined ? defaultPorts[service] : wholeNumber(option, text, { to: 65_535 })
    }
    const storageHost = process.env.STORAGE_EMULATOR_HOST
    const cloud = await startCloud({
      dataFolder: data,
      ports,
      ...(storageHost && { storageHost }),
    })
    const shopVariables = shop ? await openShop(cloud) : {}
    process.stdout.write(`${welcome(cloud, data, shopVariables)}\n`)

    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await cloud.stop()
  },
})

/** Makes what the shop needs before its first event; answers the variables that name it. */
async function openShop({ environment }: Cloud): Promise<Record<string, string>> {
  Object.assign(process.env, environment)
  const { createResources } = await import('./demo/create-resources.ts')
  await createResources()
  return shopEnvironment
}

function portOption(service: Service) {
  return {
    type: 'string',
    value: 'PORT',
    help: `the port of ${titles[service]} (default ${defaultPorts[service]}; 0: any free one)`,
  } as const
}

function serviceOf(name: string): Service {
  const service = services.find((known) => known === name.trim())
  if (service) return service
  throw new UsageError(
    `--only takes ${services.join(', ')} with commas between them, not '${name}'`,
  )
}

function welcome(
  { endpoints, environment }: Cloud,
  data: string,
  shopVariables: Record<string, string>,
): string {
  const running = services.flatMap((service) => {
    const endpoint = endpoints[service]
    return endpoint ? [`  ${titles[service].padEnd(14)} ${endpoint.address}`] : []
  })
  const exports = Object.entries({ ...environment, ...shopVariables }).map(
    ([name, value]) => `export ${name}=${quoted(value)}`,
  )
  return [
    'Running:',
    ...running,
    `  ${'Data'.padEnd(14)} ${resolve(data)}`,
    '',
    'In the shell whose programs are to use it:',
    '',
    ...exports,
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}

/** A value as a shell takes it; a folder's name may hold blanks. */
function quoted(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
