import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readContracts } from '../ingest/read-contracts.ts'
import { projectId } from '../local/demo/names.ts'
import { compileProject, type CompiledProject, type CompiledTable } from './compiled-project.ts'

let project: CompiledProject
const sources = new Map<string, string>()

beforeAll(async () => {
  project = await compileProject()
  const { tables, assertions, declarations } = project
  for (const { fileName } of [...tables, ...assertions, ...declarations]) {
    sources.set(fileName, await readFile(fileName, 'utf8'))
  }
})

type Named = { target: { name: string } }
const namesOf = (actions: Named[]) => actions.map(({ target }) => target.name).toSorted()
const incrementals = () => project.tables.filter(({ type }) => type === 'incremental')
const standalone = () => project.assertions.filter(({ parentAction }) => parentAction === undefined)
const expiring = ({ tables }: CompiledProject) =>
  tables.filter(({ type, target }) => type === 'incremental' && target.name !== 'ledger')
const days = ({ bigquery }: CompiledTable) => bigquery?.partitionExpirationDays
const folderOf = (fileName: string) => basename(dirname(fileName))

test('the project compiles without an error', () => {
  expect(project.graphErrors).toEqual({})
  expect(project.tables.length).toBeGreaterThan(10)
})

describe('every table and view', () => {
  test('says in full sentences what one row is', () => {
    const silent = project.tables.filter(
      ({ actionDescriptor }) => !/^One row per .*\.$/s.test(actionDescriptor?.description ?? ''),
    )

    expect(namesOf(silent)).toEqual([])
  })

  test('has a sentence for each column', () => {
    const columns = project.tables.flatMap(({ target, actionDescriptor }) =>
      (actionDescriptor?.columns ?? [{ path: [], description: '' }]).map((column) => ({
        name: [target.name, ...column.path].join('.'),
        isSentence: /^[A-Za-z].*\.$/s.test(column.description),
      })),
    )

    expect(columns.length).toBeGreaterThan(100)
    expect(columns.filter(({ isSentence }) => !isSentence)).toEqual([])
  })

  test('has rows that follow from raw events alone, not from the clock or from chance', () => {
    const fickle = project.tables.filter(({ query, incrementalQuery = '' }) =>
      /current_|generate_uuid|\brand\(/i.test(query + incrementalQuery),
    )

    expect(namesOf(fickle)).toEqual([])
  })
})

describe('every incremental table', () => {
  test('is partitioned by a date, clustered, labelled and has a key', () => {
    const typed = readContracts().map(({ table }) => table)

    expect(namesOf(incrementals())).toEqual(
      [...typed, 'duplicate_events', 'ledger', 'rejected_events'].toSorted(),
    )
    for (const { bigquery, uniqueKey, onSchemaChange } of incrementals()) {
      expect(bigquery?.partitionBy).toMatch(/_date$/)
      expect(bigquery?.clusterBy?.length).toBeGreaterThan(0)
      expect(bigquery?.labels?.layer).toBe('mart')
      expect(uniqueKey?.length).toBeGreaterThan(0)
      expect(onSchemaChange).toBe('IGNORE')
    }
  })

  test('merges into the partitions of its own batch only', () => {
    for (const { bigquery } of incrementals()) {
      const filter = `${bigquery?.partitionBy} in unnest(touched_dates)`
      expect(bigquery?.updatePartitionFilter).toBe(filter)
    }
  })

  test('but the ledger expires, and keeps from a full refresh what raw events cannot give back', async () => {
    const usual = expiring(project)
    const longer = expiring(await compileProject({ retentionDays: '400' }))

    expect(usual.length).toBe(incrementals().length - 1)
    expect(usual.map(days)).toEqual(usual.map(() => 90))
    expect(usual.map((table) => table.protected)).toEqual(usual.map(() => false))
    expect(longer.map(days)).toEqual(usual.map(() => 400))
    expect(longer.map((table) => table.protected)).toEqual(usual.map(() => true))
  })

  test('outlives what it counts, if it is the ledger', () => {
    const ledger = project.tables.find(({ target }) => target.name === 'ledger')

    expect(ledger?.protected).toBe(true)
    expect(ledger?.bigquery?.partitionExpirationDays).toBeUndefined()
  })

  test('has an assertion', () => {
    const asserted = project.assertions.flatMap(({ dependencyTargets = [] }) =>
      dependencyTargets.map(({ name }) => name),
    )

    expect(asserted).toEqual(expect.arrayContaining(namesOf(incrementals())))
  })
})

describe('every assertion in a file of its own', () => {
  test('says what it claims and looks at recent partitions only', () => {
    expect(standalone().length).toBeGreaterThan(0)
    for (const { actionDescriptor, query } of standalone()) {
      expect(actionDescriptor?.description).toMatch(/\.$/)
      expect(query).toMatch(/_date >= date_sub\(current_date\(\), interval [13] day\)/)
    }
  })
})

describe('every file', () => {
  test('has the name of what it defines', () => {
    for (const { target, fileName } of [
      ...project.tables,
      ...standalone(),
      ...project.declarations,
    ]) {
      expect(basename(fileName, '.sqlx')).toBe(target.name)
    }
  })

  test('stands in the folder of its layer', () => {
    for (const { target, fileName } of project.tables) {
      const isStaging = target.schema === 'staging'
      expect(folderOf(fileName)).toBe(isStaging ? 'staging' : 'marts')
      expect(target.name.startsWith('stg_')).toBe(isStaging)
    }
    for (const { fileName } of standalone()) expect(folderOf(fileName)).toBe('assertions')
    for (const { fileName } of project.declarations) expect(folderOf(fileName)).toBe('sources')
    for (const { fileName } of project.tests) expect(folderOf(fileName)).toBe('tests')
  })

  test('names no project, and tables through ref() only', () => {
    const literal = [...sources].filter(
      ([, text]) => text.includes(projectId) || /\b(from|join|into)\s+`?\w+\.\w/i.test(text),
    )

    expect(sources.size).toBeGreaterThan(20)
    expect(literal.map(([fileName]) => fileName)).toEqual([])
  })
})

test.each(readContracts())(
  'the event type $eventType has a staging view with unit tests, and a table',
  ({ eventType, table }) => {
    const tests = project.tests.filter(({ name }) => name.startsWith(`stg_${table}_`))

    expect(namesOf(project.tables)).toEqual(expect.arrayContaining([`stg_${table}`, table]))
    expect(tests.length).toBeGreaterThanOrEqual(2)
    for (const { testQuery } of tests) expect(testQuery).toContain(`'${eventType}'`)
  },
)

test('a variable that is no number stops the compilation in words', async () => {
  await expect(compileProject({ retentionDays: 'long' })).rejects.toThrow(
    'the variable retentionDays must be a whole number above 0, not "long"',
  )
})

test('the lock file names no registry', async () => {
  const lock = await readFile('package-lock.json', 'utf8')

  expect(lock.match(/"resolved": "[^"]*"/)).toBeNull()
})
