import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery'
import type { Endpoint } from '../endpoint.ts'
import { startBigQuery } from './start-bigquery.ts'

export type TestBigQuery = { endpoint: Endpoint; bigQuery: BigQuery; origin: string }

/** A local BigQuery in memory, and Google's own client that talks to it, for the tests of a file. */
export async function startTestBigQuery(
  options: { storageHost?: string; dataFolder?: string } = {},
): Promise<TestBigQuery> {
  const endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:', ...options })
  const origin = `http://${endpoint.address}`
  return { endpoint, origin, bigQuery: clientOf(origin) }
}

export function clientOf(origin: string, projectId = 'shop-events'): BigQuery {
  // Without a token the client looks for credentials on the machine, and its uploads fail.
  const authClient = {
    getRequestHeaders: async () => new Headers({ authorization: 'Bearer any' }),
  } as unknown as NonNullable<BigQueryOptions['authClient']>
  return new BigQuery({ projectId, apiEndpoint: origin, authClient })
}

/** The reasons and messages of a refused call, as the client throws them. */
export async function refusal(call: Promise<unknown>): Promise<{
  code: unknown
  reason: unknown
  message: unknown
}> {
  try {
    await call
  } catch (error) {
    const { code, errors } = error as { code?: unknown; errors?: Record<string, unknown>[] }
    return { code, reason: errors?.[0]?.reason, message: errors?.[0]?.message }
  }
  throw new Error('the call was not refused')
}
