import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { googleSqlFolder, type Service, startService } from './service.ts'

export type Method =
  | 'Analyze'
  | 'Parse'
  | 'ExtractTableNamesFromStatement'
  | 'GetLanguageOptions'
  | 'GetBuiltinFunctions'
  | 'EvaluateQuery'

/** Calls to GoogleSQL's service; a service that died is started again. */
export type Rpc = {
  call<Response>(method: Method, request: object): Promise<Response>
  /** The process of the service. */
  serviceId(): Promise<number>
  stop(): Promise<void>
}

/** What the service answers to what it cannot resolve: its words, with `[at line:column]`. */
export class GoogleSqlError extends Error {
  override name = 'GoogleSqlError'
}

type Connection = { service: Service; client: grpc.Client }

export async function connect(): Promise<Rpc> {
  const Client = serviceClient()
  let connection = open(Client)
  await connection

  async function call<Response>(method: Method, request: object, tries = 2): Promise<Response> {
    const current = connection
    const { client } = await current
    try {
      return await unary<Response>(client, method, request)
    } catch (error) {
      if (!isServiceError(error)) throw error
      if (error.code !== grpc.status.UNAVAILABLE || tries === 1) throw wordsOf(error)
      // Of several calls that fail together the first starts the new service.
      if (connection === current) connection = reopen(current, Client)
      return call(method, request, tries - 1)
    }
  }

  return {
    call,
    serviceId: async () => (await connection).service.processId,
    async stop() {
      await close(await connection)
    },
  }
}

async function open(Client: grpc.ServiceClientConstructor): Promise<Connection> {
  const service = await startService()
  const client = new Client(`localhost:${service.port}`, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  })
  return { service, client }
}

async function reopen(
  old: Promise<Connection>,
  Client: grpc.ServiceClientConstructor,
): Promise<Connection> {
  await close(await old)
  return open(Client)
}

async function close({ service, client }: Connection): Promise<void> {
  client.close()
  await service.stop()
}

function serviceClient(): grpc.ServiceClientConstructor {
  const definition = loadSync('local_service.proto', {
    longs: String,
    enums: String,
    defaults: false,
    oneofs: true,
    arrays: true,
    includeDirs: [join(googleSqlFolder, 'protos')],
  })
  const service = definition['zetasql.local_service.ZetaSqlLocalService']
  if (!service || !('Analyze' in service)) throw new Error('local_service.proto has no service')
  return grpc.makeGenericClientConstructor(service as grpc.ServiceDefinition, 'GoogleSql')
}

function unary<Response>(client: grpc.Client, method: Method, request: object): Promise<Response> {
  const stub = (client as unknown as Record<Method, Unary<Response>>)[method]
  return new Promise((resolve, reject) => {
    stub.call(client, request, (error, response) => (error ? reject(error) : resolve(response)))
  })
}

type Unary<Response> = (
  request: object,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => void

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error
}

function wordsOf(error: grpc.ServiceError): Error {
  return new GoogleSqlError(error.details, { cause: error })
}
