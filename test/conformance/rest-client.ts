/** An answer of the local BigQuery, whatever its status. */
export type Answer = { status: number; body: unknown }

export type RestClient = (
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string> },
) => Promise<Answer>

/** Calls an endpoint as plain HTTP, so that nothing of a client library hides what was answered. */
export function createRestClient(origin: string): RestClient {
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? '' : JSON.parse(text) }
  }
}

/** A value deep inside an answer: `at(body, 'status.errorResult.reason')`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
      value,
    )
}
