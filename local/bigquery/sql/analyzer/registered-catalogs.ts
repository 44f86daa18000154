import { type CatalogNames, namedCatalog } from './catalog-proto.ts'
import type { Dialect } from './dialect.ts'
import type { Call } from './rpc.ts'

/** How many the service keeps: each holds all of GoogleSQL's functions, which is what takes long to make. */
const most = 16

type Registered = { id: Promise<string>; users: number }

/** Catalogs that the service keeps, so that statements that name the same things find them made. */
export type RegisteredCatalogs = {
  /** Gives `work` the id of a catalog of these names, which stays until it is done. */
  use<T>(call: Call, names: CatalogNames, work: (id: string) => Promise<T>): Promise<T>
}

export function createRegisteredCatalogs(dialect: Dialect): RegisteredCatalogs {
  // Ids mean something to the process that gave them.
  const services = new WeakMap<Call, Map<string, Registered>>()

  function register(call: Call, names: object): Registered {
    const id = call<{ registeredId?: string }>(
      'RegisterCatalog',
      { simpleCatalog: names },
      dialect.catalog,
    ).then(({ registeredId = '0' }) => registeredId)
    return { id, users: 0 }
  }

  function removeOldest(call: Call, known: Map<string, Registered>): void {
    for (const [key, { id, users }] of known) {
      if (known.size <= most) return
      if (users > 0) continue
      known.delete(key)
      // Nobody waits for it: what was not unregistered ends with the service.
      id.then((registeredId) => call('UnregisterCatalog', { registeredId })).catch(() => {})
    }
  }

  return {
    async use(call, names, work) {
      const known = services.get(call) ?? new Map<string, Registered>()
      services.set(call, known)
      const proto = namedCatalog(names)
      const key = JSON.stringify(proto)
      const registered = known.get(key) ?? register(call, proto)
      // In the order of their last use.
      known.delete(key)
      known.set(key, registered)
      registered.users++
      try {
        return await work(await registered.id)
      } catch (error) {
        await registered.id.catch(() => known.delete(key))
        throw error
      } finally {
        registered.users--
        removeOldest(call, known)
      }
    },
  }
}
