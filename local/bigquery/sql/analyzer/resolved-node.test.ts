import { expect, test } from 'vitest'
import { ResolvedNode } from './resolved-node.ts'

/** A filter over a scan, as the service sends it. */
function filterMessage(scanFields: object = {}): object {
  return {
    node: 'resolvedFilterScanNode',
    resolvedFilterScanNode: {
      parent: { columnList: [], isOrdered: false },
      inputScan: {
        node: 'resolvedTableScanNode',
        resolvedTableScanNode: { parent: {}, table: { fullName: 'p.d.t' }, ...scanFields },
      },
    },
  }
}

function readScan(message: object): ResolvedNode {
  const filter = new ResolvedNode(message)
  filter.node('inputScan').message('table')
  return filter
}

test('a node knows its kind and its fields, those of its base classes too', () => {
  const filter = new ResolvedNode(filterMessage())

  expect(filter.kind).toBe('FilterScan')
  expect(filter.node('inputScan').kind).toBe('TableScan')
  expect(filter.columns()).toEqual([])
})

test('a statement of which everything was read passes', () => {
  expect(() => readScan(filterMessage()).assertRead()).not.toThrow()
})

test('a field that nobody read is refused by its name', () => {
  const filter = readScan(filterMessage({ forSystemTimeExpr: { node: 'resolvedLiteralNode' } }))

  expect(() => filter.assertRead()).toThrow(
    'not supported by the local engine: TableScan.forSystemTimeExpr',
  )
})

test('fields that say nothing need no reader', () => {
  const filter = readScan(
    filterMessage({ alias: '', hintList: [{}], errorMode: 'DEFAULT_ERROR_MODE' }),
  )

  expect(() => filter.assertRead()).not.toThrow()
})
