import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { ApiHandler, Route } from './api.ts'

export type Match = { handler: ApiHandler; params: Record<string, string> }

/** Finds the handler of a path such as `/projects/p/datasets/d`; a method of BigQuery that has none is refused in words. */
export function createRouter(routes: Route[]): (method: string, path: string) => Match {
  const compiled = routes.map(({ method, pattern, handler }) => ({
    method,
    handler,
    regex: new RegExp(
      `^${pattern.replaceAll('$', String.raw`\$`).replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`,
    ),
  }))

  return (method, path) => {
    for (const route of compiled) {
      const match = route.method === method ? route.regex.exec(path) : null
      if (match) return { handler: route.handler, params: decodeAll(match.groups ?? {}) }
    }
    if (path.startsWith('/projects/')) throw notSupported(`${method} ${path}`)
    throw new BigQueryError('notFound', `Not found: ${method} ${path}`)
  }
}

/** BigQuery's paths are the same under `/` (emulators) and `/bigquery/v2` (the service); doubled slashes count once. */
export function withoutPrefix(path: string): string {
  const clean = path.replaceAll(/\/{2,}/g, '/')
  return clean.replace(/^(\/resumable)?(\/upload)?\/bigquery\/v2(?=\/)/, '$2')
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]),
    )
  } catch (cause) {
    throw new BigQueryError('invalid', 'The path holds a broken percent escape.', { cause })
  }
}
