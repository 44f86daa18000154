import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Routine } from '../../catalog/resources.ts'
import { projectId, testCatalog } from '../test-catalog.ts'
import { type Analyzer, type AnalyzeRequest, startAnalyzer } from './analyzer.ts'
import { typeName } from './sql-type.ts'

const twice: Routine = {
  routineReference: { projectId, datasetId: 'raw', routineId: 'twice' },
  routineType: 'SCALAR_FUNCTION',
  language: 'SQL',
  arguments: [{ name: 'x', dataType: { typeKind: 'INT64' } }],
  definitionBody: 'x * 2',
  creationTime: '0',
  lastModifiedTime: '0',
  etag: 'test',
}
const catalog = testCatalog(
  {
    'raw.events': [
      { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'payload', type: 'JSON' },
      {
        name: 'errors',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [{ name: 'code', type: 'STRING' }],
      },
    ],
  },
  [twice],
)

let analyzer: Analyzer
beforeAll(async () => {
  analyzer = await startAnalyzer()
})
afterAll(() => analyzer.stop())

async function columnsOf(sql: string, request: Partial<AnalyzeRequest> = {}): Promise<string[]> {
  const { statement } = await analyzer.analyze({ sql, catalog, projectId, ...request })
  return statement
    .nodes('outputColumnList')
    .map((column) => `${column.text('name')} ${typeName(column.column().type)}`)
}

describe('analyze', () => {
  test('types every column, whichever way the table is written', async () => {
    const spellings = [
      'raw.events',
      '`raw.events`',
      '`shop-events.raw.events`',
      'shop-events.raw.events',
    ]
    for (const name of spellings) {
      expect(await columnsOf(`select * from ${name}`)).toEqual([
        'id INT64',
        'payload JSON',
        'errors ARRAY<STRUCT<code STRING>>',
      ])
    }
  })

  test('finds an unqualified table in the default dataset', async () => {
    const defaultDataset = { projectId, datasetId: 'raw' }

    expect(await columnsOf('select id from events', { defaultDataset })).toEqual(['id INT64'])
  })

  test('knows parameters, variables and functions of the user', async () => {
    const columns = await columnsOf('select @p as p, cutoff as c, raw.twice(3) as t', {
      parameters: { mode: 'named', types: new Map([['p', { kind: 'NUMERIC' }]]) },
      variables: new Map([['cutoff', { kind: 'TIMESTAMP' }]]),
    })

    expect(columns).toEqual(['p NUMERIC', 'c TIMESTAMP', 't INT64'])
  })

  test.each([
    ['select nope from raw.events', 'Unrecognized name: nope at [1:8]'],
    ['select 1 from raw.x', 'Not found: Table shop-events:raw.x was not found in location US'],
    ['select 1 from x.y', 'Not found: Dataset shop-events:x was not found in location US'],
    ['select 1 from x', 'Table "x" must be qualified with a dataset (e.g. dataset.table).'],
    ["select 'x", 'Syntax error: Unclosed string literal at [1:8]'],
    [
      'create model raw.m as select 1 as label',
      'not supported by the local engine: CreateModel statements',
    ],
    ['select array_sum([1])', 'Function not found: array_sum'],
    ['select search(1, 2)', 'not supported by the local engine: SEARCH'],
    ['select 1 from gap_fill(1)', 'not supported by the local engine: GAP_FILL'],
    [
      `select json_set(json '1', '$', 1, create_if_missing => false)`,
      'not supported by the local engine: JSON_SET with create_if_missing',
    ],
  ])('says about %s what BigQuery says', async (sql, message) => {
    await expect(columnsOf(sql)).rejects.toThrow(message)
  })

  test('groups by an expression that is selected as it is', async () => {
    const columns = await columnsOf(`
      select mod(id, 2) as parity, count(*) as n from raw.events group by MOD( id,2 ) order by mod(id, 2)`)

    expect(columns).toEqual(['parity INT64', 'n INT64'])
  })

  test('refuses what it cannot tell from a fault: a grouped expression inside of another', async () => {
    const columns = columnsOf('select mod(id, 2) + 1 from raw.events group by mod(id, 2)')

    await expect(columns).rejects.toThrow('not supported by the local engine')
  })

  test('counts lines and columns from the start of the script', async () => {
    const position = { line: 3, column: 9 }

    await expect(columnsOf('select\n nope', { position })).rejects.toThrow('at [4:2]')
    await expect(columnsOf('select nope', { position })).rejects.toThrow('at [3:16]')
  })

  test('tells statements apart that name different things, however many there are at once', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `column_${index}`)

    const columns = await Promise.all(
      names.map((name) => {
        const wide = testCatalog({ 'raw.wide': [{ name, type: 'STRING' }] })
        return columnsOf('select * from raw.wide', { catalog: wide })
      }),
    )

    expect(columns).toEqual(names.map((name) => [`${name} STRING`]))
  })

  test('goes on after its service was killed', async () => {
    const other = await startAnalyzer()
    await other.analyze({ sql: 'select id from raw.events', catalog, projectId })
    process.kill(-(await other.serviceId()), 'SIGKILL')

    const { statement } = await other.analyze({
      sql: 'select id from raw.events',
      catalog,
      projectId,
    })

    expect(statement.kind).toBe('QueryStmt')
    await other.stop()
  })
})

describe('parseScript', () => {
  test('cuts a script into its statements with their places', async () => {
    const script = `declare x int64 default 3;
if x > 2 then select 'é'; else set x = (1) + (2); end if`

    const statements = await analyzer.parseScript(script)

    expect(statements).toMatchObject([
      { kind: 'declare', names: ['x'], type: { text: 'int64' }, defaultValue: { text: '3' } },
      {
        kind: 'if',
        position: { line: 2, column: 1 },
        branches: [
          {
            condition: { text: 'x > 2' },
            body: [
              {
                kind: 'sql',
                syntax: 'Query',
                text: "select 'é'",
                position: { line: 2, column: 15 },
              },
            ],
          },
        ],
        otherwise: [{ kind: 'set', variables: ['x'], value: { text: '(1) + (2)' } }],
      },
    ])
  })

  test('tells a block with a handler from one without', async () => {
    const statements = await analyzer.parseScript(
      'begin select 1; exception when error then raise; end; begin select 2; end',
    )

    expect(statements).toMatchObject([
      { kind: 'block', body: [{ kind: 'sql' }], exceptionHandler: [{ kind: 'raise' }] },
      { kind: 'block', body: [{ kind: 'sql' }] },
    ])
    expect(statements[1]).not.toHaveProperty('exceptionHandler')
  })
})
