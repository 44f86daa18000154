/** A server of the local cloud that accepts connections, until it is stopped. */
export type Endpoint = {
  /** `host:port`, as Google's `*_EMULATOR_HOST` variables want it before any scheme. */
  address: string
  port: number
  /** Ends every connection and frees what the server holds; safe to call twice. */
  stop(): Promise<void>
}

export type EndpointOptions = {
  /** 0 takes any free port. */
  port: number
  /** Defaults to 127.0.0.1: the endpoints have no authentication. */
  host?: string
}
