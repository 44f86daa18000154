import { join } from 'node:path'
import { shopEnvironment } from './names.ts'
import { startChild, type Child } from './start-child.ts'
import type { OpenCloud } from './open-cloud.ts'

/** Starts the ingester as it is deployed; batches are sealed after a second, for somebody is waiting. */
export function startIngester(
  { environment }: Pick<OpenCloud, 'environment'>,
  logFile: string,
): Child {
  return startChild({
    name: 'the ingester',
    args: [join('ingest', 'main.ts')],
    environment: {
      ...environment,
      ...shopEnvironment,
      PORT: '0',
      BATCH_MAX_AGE_MS: '1000',
    },
    logFile,
  })
}
