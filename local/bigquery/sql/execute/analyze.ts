import type { ProjectDataset, Table } from '../../catalog/resources.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import type { CatalogSnapshot } from '../analyzer/catalog-snapshot.ts'
import type { ScriptText } from '../analyzer/script.ts'
import { informationSchemaTable } from './information-schema/tables.ts'
import { isInLocation } from './location.ts'
import { parameterTypes } from './parameters.ts'
import { variableTypes, type Session } from './session.ts'
import { noteSnapshots } from './system-time.ts'
import { wildcardTable } from './wildcard.ts'
import type { Work } from './work.ts'

/** Resolves a statement of the session's script against what its moment holds. */
export async function analyze(work: Work, { text, position }: ScriptText): Promise<Analysis> {
  const { session } = work
  const { request, parts } = session
  const { defaultDataset } = request
  const parameters = parameterTypes(session.parameters)
  const analysis = await parts.analyzer.analyze({
    sql: text,
    catalog: snapshotOf(work),
    projectId: request.projectId,
    position,
    variables: variableTypes(session),
    ...(defaultDataset && { defaultDataset }),
    ...(parameters && { parameters }),
  })
  await noteSnapshots(work, analysis.statement)
  return analysis
}

/** Resolves the text of a view, which sees nothing of the script around it. */
export async function analyzeView(work: Work, view: Table, query: string): Promise<Analysis> {
  const { session } = work
  const analysis = await session.parts.analyzer.analyze({
    sql: query,
    catalog: { ...snapshotOf(work), temporaryTable: () => undefined },
    projectId: view.tableReference.projectId,
  })
  await noteSnapshots(work, analysis.statement)
  return analysis
}

function snapshotOf({ session, catalog }: Work): CatalogSnapshot {
  const { location, isLocationGiven = false } = session.request
  const isHere = (dataset: ProjectDataset): boolean => {
    return isInLocation(session.request, catalog, dataset)
  }
  return {
    version: catalog.version,
    location: isLocationGiven ? location : catalog.location,
    hasDataset: (dataset) => catalog.hasDataset(dataset) && isHere(dataset),
    hasProject: (projectId) => catalog.datasets(projectId).length > 0,
    table: (reference) => {
      if (!isHere(reference)) return undefined
      return (
        informationSchemaTable(reference, catalog) ??
        wildcardTable(reference, catalog) ??
        catalog.table(reference)
      )
    },
    temporaryTable: (name) => temporaryTable(session, catalog, name),
    routines: () => [...session.temporaryFunctions.values(), ...catalog.routines()],
  }
}

function temporaryTable(
  { temporaryTables }: Session,
  catalog: Work['catalog'],
  name: string,
): Table | undefined {
  const reference = temporaryTables.get(name.toLowerCase())
  return reference && catalog.table(reference)
}
