import { createHash } from 'node:crypto'
import {
  createView,
  datasetKey,
  routineKey,
  tableKey,
  type CatalogObjects,
  type CatalogView,
} from './catalog-view.ts'
import type {
  Dataset,
  ProjectDataset,
  Routine,
  RoutineReference,
  Table,
  TableReference,
} from './resources.ts'
import { nextVersion as versionAfter, versionKey, type TableVersion } from './table-version.ts'

/** What the catalog fills in by itself. */
type Stamps = 'creationTime' | 'lastModifiedTime' | 'etag'
export type NewObject<T> = Omit<T, Stamps> & Partial<Pick<T & Record<Stamps, string>, Stamps>>

/** The catalog as a transaction leaves it; times and etags are stamped as it is written. */
export type CatalogDraft = CatalogView & {
  putDataset(dataset: NewObject<Dataset>): Dataset
  removeDataset(reference: ProjectDataset): void
  putTable(table: NewObject<Table>): Table
  /** Notes that rows changed: the time and the etag are new, all else is the same. */
  touchTable(reference: TableReference): void
  removeTable(reference: TableReference): void
  /** Remembers where the rows of a table were until this commit, and forgets where they are. */
  retireVersion(version: TableVersion): void
  putVersion(version: TableVersion): void
  removeVersion(version: TableVersion): void
  putRoutine(routine: NewObject<Routine>): Routine
  removeRoutine(reference: RoutineReference): void
  /** Remembers the draft as it is now; the function that it gives brings that back. */
  mark(): () => void
}

export type Kind = keyof CatalogObjects
export type CatalogState = CatalogObjects & { version: number }
/** What a transaction changed, by kind and name; an object that is gone has no body. */
export type Changes = {
  kind: Kind
  name: string
  body: Dataset | Table | Routine | TableVersion | undefined
}[]

export type DraftContext = {
  location: string
  now(): number
  commit: number
  nextVersion(): number
}

export function createDraft(
  base: CatalogState,
  context: DraftContext,
): { draft: CatalogDraft; state(): CatalogState; changes(): Changes } {
  const { now, nextVersion, commit } = context
  let { version } = base
  let datasets = new Map(base.datasets)
  let tables = new Map(base.tables)
  let routines = new Map(base.routines)
  let versions = new Map(base.versions)
  const state = (): CatalogState => ({ datasets, tables, routines, versions, version })
  const changed = new Map<string, { kind: Kind; name: string }>()

  function note(kind: Kind, name: string): void {
    changed.set(`${kind} ${name}`, { kind, name })
  }

  function stamped<T extends object>(object: NewObject<T>, before?: { creationTime: string }): T {
    const time = String(Math.floor(now()))
    const body = {
      ...object,
      creationTime: object.creationTime ?? before?.creationTime ?? time,
      lastModifiedTime: time,
    }
    // Two commits may fall into one moment of the clock.
    return { ...body, etag: etagOf({ ...body, commit }) } as unknown as T
  }

  function put<T extends object>(
    kind: Kind,
    [map, name]: [Map<string, T>, string],
    object: NewObject<T>,
  ): T {
    const body = stamped<T>(object)
    map.set(name, body)
    version = nextVersion()
    note(kind, name)
    return body
  }

  function remove(kind: Kind, map: Map<string, unknown>, name: string): void {
    if (!map.delete(name)) return
    version = nextVersion()
    note(kind, name)
  }

  function putVersion(next: TableVersion): void {
    versions.set(versionKey(next), next)
    note('versions', versionKey(next))
  }

  function removeVersion(name: string): void {
    if (versions.delete(name)) note('versions', name)
  }

  const view = createView(state, context)
  const draft: CatalogDraft = Object.defineProperties(
    {
      putDataset: (dataset) =>
        put('datasets', [datasets, datasetKey(dataset.datasetReference)], dataset),
      removeDataset: (reference) => remove('datasets', datasets, datasetKey(reference)),
      putTable(table) {
        const name = tableKey(table.tableReference)
        const next = versionAfter(versions.get(name), { before: tables.get(name), table, commit })
        if (next) putVersion(next)
        return put('tables', [tables, name], table)
      },
      touchTable(reference) {
        const name = tableKey(reference)
        const table = tables.get(name)
        if (!table) return
        tables.set(name, stamped(table))
        note('tables', name)
      },
      removeTable(reference) {
        remove('tables', tables, tableKey(reference))
        removeVersion(tableKey(reference))
      },
      retireVersion(retired) {
        removeVersion(tableKey(retired.reference))
        putVersion(retired)
      },
      putVersion,
      removeVersion: (old) => removeVersion(versionKey(old)),
      putRoutine: (routine) =>
        put('routines', [routines, routineKey(routine.routineReference)], routine),
      removeRoutine: (reference) => remove('routines', routines, routineKey(reference)),
      mark() {
        const marked = state()
        const copies = [
          new Map(datasets),
          new Map(tables),
          new Map(routines),
          new Map(versions),
        ] as const
        return () => {
          ;[datasets, tables, routines, versions] = copies
          version = marked.version
        }
      },
    } satisfies Omit<CatalogDraft, keyof CatalogView>,
    Object.getOwnPropertyDescriptors(view),
  ) as CatalogDraft

  const changes = (): Changes =>
    [...changed.values()].map(({ kind, name }) => ({ kind, name, body: state()[kind].get(name) }))
  return { draft, state, changes }
}

function etagOf(body: object): string {
  return createHash('sha1').update(JSON.stringify(body)).digest('base64')
}
