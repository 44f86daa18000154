import type { Handler, Route } from './routes.ts'
import { notSupported, StorageError } from './storage-error.ts'

export type Router = (
  method: string,
  path: string,
) => { handle: Handler; params: Record<string, string> }

/** Google's paths with and without what emulators leave out: `/upload/storage/v1/b`, `/storage/v1/b`, `/b`. */
const prefix = /^(?:\/resumable)?(?:\/upload|\/download)?(?:\/storage\/v1)?(?=\/b(?:\/|$))/
/** Parts of Google's API that this one does not have. */
const foreign =
  /\/(acl|defaultObjectAcl|iam|notificationConfigs|lockRetentionPolicy|folders|managedFolders|anywhereCaches|storageLayout|restore|operations|watch|bulkRestore)(\/|$)/

/** Finds who answers; slashes in names arrive as %2F, so a path is split before it is decoded. */
export function createRouter(routes: Route[]): Router {
  const compiled = routes.map(({ on, handle }) => {
    const [method = '', pattern = ''] = on.split(' ')
    const source = pattern.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
    return { method, handle, regex: new RegExp(`^${source}$`) }
  })

  return (method, path) => {
    const own = path.replace(prefix, '')
    for (const route of compiled) {
      const match = route.method === method ? route.regex.exec(own) : null
      if (match) return { handle: route.handle, params: decodeAll(match.groups ?? {}) }
    }
    if (foreign.test(own)) throw notSupported(`${method} ${path}`)
    throw new StorageError('notFound', `Not Found: ${method} ${path}`)
  }
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]),
    )
  } catch (cause) {
    throw new StorageError('badRequest', 'The path holds a broken percent escape.', { cause })
  }
}
