import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  inventory,
  order,
  user_activity,
  type Contract,
  type Schema,
} from '../includes/contracts.js'
import { readContracts } from '../ingest/read-contracts.ts'

/** What producers and readers agreed on for each field, as `path: type`; `path?: type` may be away. */
const agreed: [Contract, string[]][] = [
  [
    order,
    [
      'event_type: "order"',
      'order_id: uuid',
      'customer_id: uuid',
      'order_date: timestamp',
      'status: pending, processing, shipped, delivered',
      'items[].product_id: uuid',
      'items[].product_name: string',
      'items[].quantity: integer',
      'items[].price: number',
      'shipping_address.street: string',
      'shipping_address.city: string',
      'shipping_address.country: string',
      'total_amount: number',
    ],
  ],
  [
    inventory,
    [
      'event_type: "inventory"',
      'inventory_id: uuid',
      'product_id: uuid',
      'warehouse_id: uuid',
      'quantity_change: integer -100..100',
      'reason: restock, sale, return, damage',
      'timestamp: timestamp',
    ],
  ],
  [
    user_activity,
    [
      'event_type: "user_activity"',
      'user_id: uuid',
      'activity_type: login, logout, view_product, add_to_cart, remove_from_cart',
      'ip_address: string',
      'user_agent: string',
      'timestamp: timestamp',
      'metadata.session_id: uuid',
      'metadata.platform: web, mobile, tablet',
    ],
  ],
]

/** Each field that holds a value, with what the contract says of it. */
function leaves(schema: Schema, path = ''): string[] {
  if (schema.items) return leaves(schema.items, `${path}[]`)
  if (!schema.properties) return [`${path}: ${valuesOf(schema)}`]
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return leaves(field, (path ? `${path}.${name}` : name) + mark)
  })
}

function valuesOf({ const: only, enum: values, format, type, minimum, maximum }: Schema): string {
  if (only !== undefined) return `"${only}"`
  if (values) return values.join(', ')
  const isNarrow = type === 'integer' && minimum !== -(2 ** 53 - 1)
  return (format ?? type ?? '') + (isNarrow ? ` ${minimum}..${maximum}` : '')
}

function objects(schema: Schema): Schema[] {
  if (schema.items) return objects(schema.items)
  if (!schema.properties) return []
  return [schema, ...Object.values(schema.properties).flatMap(objects)]
}

test('every contract is agreed on', () => {
  expect(agreed.map(([contract]) => contract)).toEqual(readContracts())
})

describe.each(agreed)('the contract of $eventType', (contract, fields) => {
  test('asks for the agreed fields', () => {
    expect(leaves(contract.schema)).toEqual(fields)
  })

  test('allows fields that nobody agreed on', () => {
    for (const object of objects(contract.schema)) {
      expect(object).not.toHaveProperty('additionalProperties')
    }
  })

  test('tells events apart by fields that it has', () => {
    const paths = fields.map((field) => field.split(':')[0])

    expect(paths).toEqual(expect.arrayContaining(contract.identity))
    expect(contract.schema.properties[contract.eventTime]?.format).toBe('timestamp')
  })

  test('is a valid JSON Schema', () => {
    const ajv = new Ajv({ strict: true, formats: { uuid: true, timestamp: true } })

    expect(ajv.validateSchema(contract.schema)).toBe(true)
    expect(ajv.validate(contract.schema, {})).toBe(false)
  })
})

describe('the settings that Dataform reads from its variables', () => {
  afterEach(() => void vi.unstubAllGlobals())

  test.each([
    ['30', false],
    ['90', false],
    ['365', true],
  ])('tables kept for %s days, raw events for 90, outlive them: %s', (retentionDays, outlives) => {
    const vars = { retentionDays, rawRetentionDays: '90', overlapMinutes: '60', assertedDays: '3' }
    vi.stubGlobal('dataform', { projectConfig: { vars } })
    const settings = createRequire(import.meta.url)('../includes/settings.js')

    expect(settings.outlivesRawEvents()).toBe(outlives)
    expect(settings.acceptedDays()).toBe(Number(retentionDays) - 2)
  })
})
