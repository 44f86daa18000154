import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request of the API, its body not yet read. */
export type ApiRequest = {
  method: string
  /** Values of the route's `:names`, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** `http://host:port` as the client called us: for links in answers. */
  origin: string
  /** The body, unzipped where the client zipped it. */
  stream: NodeJS.ReadableStream
  message: IncomingMessage
}

export type ApiReply = {
  /** 200 when absent. */
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON; absent: an empty body. */
  body?: unknown
}

export type ApiHandler = (request: ApiRequest) => ApiReply | Promise<ApiReply>

export type Route = { method: string; pattern: string; handler: ApiHandler }
