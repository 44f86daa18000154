import * as grpc from '@grpc/grpc-js'
import { googleSqlService } from './protocol.ts'
import { type RememberedAnswers, createRememberedAnswers } from './remembered-answers.ts'
import { type Service, startService } from './service.ts'

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
  // Reading the definitions takes as long as the service takes to start.
  const definition = (serviceDefinition ??= googleSqlService())
  const service = await starting
  const client = new grpc.Client(`localhost:${service.port}`, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  })
  const answers = createRememberedAnswers()
  return { service, client, call: (...request) => unary({ client, definition, answers }, request) }
}

async function reopen(old: Promise<Connection>): Promise<Connection> {
  await close(await old)
  return open()
}

async function close({ service, client }: Connection): Promise<void> {
  client.close()
  await service.stop()
}

/** Methods whose answer depends on nothing but the request, as long as it is the same service. */
const pure = new Set<Method>(['Parse', 'ExtractTableNamesFromStatement', 'Analyze'])

let serviceDefinition: grpc.ServiceDefinition | undefined

const nothing = {}
const encoded = new WeakMap<object, Buffer>()

type Protocol = {
  client: grpc.Client
  definition: grpc.ServiceDefinition
  answers: RememberedAnswers
}

async function unary<Response>(
  { client, definition, answers }: Protocol,
  [method, request, constant = nothing]: Parameters<Call>,
): Promise<Response> {
  const known = definition[method]
  if (!known) throw new Error(`GoogleSQL's service has no method ${method}`)
  const { path, requestSerialize: encode, responseDeserialize: decode } = known
  const always = encoded.get(constant) ?? encode(constant)
  encoded.set(constant, always)
  const varying = encode(request)
  const ask = (): Promise<Buffer> => send(client, path, Buffer.concat([always, varying]))
  const answer = pure.has(method)
    ? await answers.of({ method, constant, varying }, ask)
    : await ask()
  return decode(answer)
}

function send(client: grpc.Client, path: string, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asItIs, asItIs, request, (error, response) => {
      if (error) reject(error)
      else resolve(response ?? Buffer.alloc(0))
    })
  })
}

function asItIs(bytes: Buffer): Buffer {
  return bytes
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error
}

function wordsOf(error: grpc.ServiceError): Error {
  return new GoogleSqlError(error.details, { cause: error })
}
