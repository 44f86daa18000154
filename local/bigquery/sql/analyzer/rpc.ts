import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { googleSqlFolder, type Service, startService } from './service.ts'

export type Method =
  | 'Analyze'
  | 'Parse'
  | 'ExtractTableNamesFromStatement'
  | 'RegisterCatalog'
  | 'UnregisterCatalog'
  | 'GetLanguageOptions'
  | 'GetBuiltinFunctions'
  | 'EvaluateQuery'

/**
 * Calls a method of the service. `constant` is the part of the request that is the same in many calls:
 * it is encoded once, as long as it is the same object, and merged with the rest as protobuf merges.
 */
export type Call = <Response>(
  method: Method,
  request: object,
  constant?: object,
) => Promise<Response>

/** Calls to GoogleSQL's service; a service that died is started again. */
export type Rpc = {
  call: Call
  /** For calls that only make sense in one and the same process; `work` runs again in a new one where it died. */
  inOneService<T>(work: (call: Call) => Promise<T>): Promise<T>
  /** The process of the service. */
  serviceId(): Promise<number>
  stop(): Promise<void>
}

/** What the service answers to what it cannot resolve: its words, with `[at line:column]`. */
export class GoogleSqlError extends Error {
  override name = 'GoogleSqlError'
}

type Connection = { service: Service; client: grpc.Client; call: Call }

export async function connect(): Promise<Rpc> {
  let connection = open()
  await connection

  async function inOneService<T>(work: (call: Call) => Promise<T>, tries = 2): Promise<T> {
    const current = connection
    const { call } = await current
    try {
      return await work(call)
    } catch (error) {
      if (!isServiceError(error)) throw error
      if (error.code !== grpc.status.UNAVAILABLE || tries === 1) throw wordsOf(error)
      // Of several calls that fail together the first starts the new service.
      if (connection === current) connection = reopen(current)
      return inOneService(work, tries - 1)
    }
  }

  return {
    call: (...request) => inOneService((call) => call(...request)),
    inOneService: (work) => inOneService(work),
    serviceId: async () => (await connection).service.processId,
    async stop() {
      await close(await connection)
    },
  }
}

async function open(): Promise<Connection> {
  const starting = startService()
  // Reading the definitions takes longer than the service takes to start.
  const definition = (serviceDefinition ??= readDefinition())
  const service = await starting
  const client = new grpc.Client(`localhost:${service.port}`, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  })
  return { service, client, call: (...request) => unary(client, definition, request) }
}

async function reopen(old: Promise<Connection>): Promise<Connection> {
  await close(await old)
  return open()
}

async function close({ service, client }: Connection): Promise<void> {
  client.close()
  await service.stop()
}

type Definition = Record<string, grpc.MethodDefinition<object, unknown>>
let serviceDefinition: Definition | undefined

function readDefinition(): Definition {
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
  return service as Definition
}

const encoded = new WeakMap<object, Buffer>()

function unary<Response>(
  client: grpc.Client,
  definition: Definition,
  [method, request, constant]: Parameters<Call>,
): Promise<Response> {
  const known = definition[method]
  if (!known) throw new Error(`GoogleSQL's service has no method ${method}`)
  const { path, requestSerialize, responseDeserialize } = known
  const parts = [requestSerialize(request)]
  if (constant) {
    const bytes = encoded.get(constant) ?? requestSerialize(constant)
    encoded.set(constant, bytes)
    parts.unshift(bytes)
  }
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (bytes: Buffer) => bytes,
      responseDeserialize,
      Buffer.concat(parts),
      (error, response) => (error ? reject(error) : resolve(response as Response)),
    )
  })
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error
}

function wordsOf(error: grpc.ServiceError): Error {
  return new GoogleSqlError(error.details, { cause: error })
}
