import { isUtf8 } from 'node:buffer'
import { expect, test } from 'vitest'
import { day } from '../local/generator/event.ts'
import { spreadOver } from '../local/generator/pace.ts'
import { createRandom, type Random } from '../local/generator/random.ts'
import { openShop } from '../local/generator/shop.ts'
import { parseAndValidate } from './classify.ts'
import { contractValidators, createValidators } from './contract-validators.ts'
import { readContracts } from './read-contracts.ts'
import { createRecogniser } from './recogniser.ts'
import { sampleEvents } from './testing-events.ts'

const validators = contractValidators()
const start = Date.parse('2025-02-08')
const shop = openShop({ seed: 7, start, pace: spreadOver(start, start + day, 2_000) })
const generated = shop.take(600).map(({ event }) => JSON.stringify(event))
const texts = [...generated, ...Object.values(sampleEvents).map((event) => JSON.stringify(event))]

/** What a recogniser answers, in the terms of the long way. */
function recognised(data: Buffer) {
  for (const [eventType, { recognise }] of validators) {
    const escapes = recognise(data)
    if (escapes === undefined) continue
    return { eventType, payload: data, rawPayload: undefined, escapes, errors: [] }
  }
  return undefined
}

test('what producers send is recognised, in whatever order its fields come', () => {
  for (const text of texts) {
    const reversed = Object.fromEntries(Object.entries(JSON.parse(text)).toReversed())
    for (const each of [text, JSON.stringify(reversed)]) {
      const data = Buffer.from(each)
      expect(recognised(data), `${each} as it is`).toEqual(parseAndValidate(data, validators))
    }
  }
})

test('a recognised event is one that the long way accepts, however a text was damaged', () => {
  const seed = Math.floor(Math.random() * 1e9)
  const random = createRandom(seed)
  let count = 0

  for (let round = 0; round < 30_000; round++) {
    const text = damaged(pick(texts, random), random)
    const data = Buffer.from(text)
    const found = isUtf8(data) ? recognised(data) : undefined
    if (!found) continue
    count++
    expect(found, `${text}, seed ${seed}`).toEqual(parseAndValidate(data, validators))
  }
  expect(count).toBeGreaterThan(1_000)
})

function damaged(text: string, random: Random): string {
  const kind = random.integer(0, 3)
  if (kind === 0) return withField(text, random, (field) => pick(['', `${field}${field}`], random))
  if (kind === 1) {
    return withField(text, random, (field) =>
      field.replace(/[-\d.]+,$/, `${pick(numbers, random)},`),
    )
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[-\d.]+|[^"\d-]/g) ?? []
  const at = random.integer(0, tokens.length - 1)
  const token = tokens[at] ?? ''
  const isNumber = /^[-\d]/.test(token)
  const other = () => tokens[random.integer(0, tokens.length - 1)] ?? ''
  const changes: [() => string, ...(() => string)[]] = [
    () => '',
    () => `${token}${token}`,
    other,
    () => `${token}${other()}`,
    () => `${token},${token}`,
    () => pick(blanksAndValues, random),
    () => pick(strangeFields, random),
    () => changedLetter(token, random),
    () => (isNumber ? pick(numbers, random) : changedLetter(token, random)),
    () => (isNumber ? pick(numbers, random) : token),
  ]
  tokens[at] = random.pick(changes)()
  return tokens.join('')
}

const numbers = (
  '0 -0 -0.5 00 01 -01 1. .5 - 1.0 1.50 1e2 1E-2 +1 100 101 -100 -101 100.0 0.1 1.2.3 1-1 --1 ' +
  '10000000000000 10000000000001 9999999999999.9 -10000000000000 -9999999999999.5 ' +
  '123456789012345 1234567890123456 0.1234567890123 0.12345678901234567 9007199254740993'
).split(' ')
const blanksAndValues = [
  ' ',
  '\n',
  '\t',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"\u0001"',
  '"é"',
  '"\\n"',
]
const strangeFields = ['"x":1,', '"__proto__":1,', '"order_id":"x",', ',"quantity":1', ',"price":1']
const letters = [...'09aFgZ-:"\\+ä{] ']

/** Changes one of the fields that hold a text or a number. */
function withField(text: string, random: Random, change: (field: string) => string): string {
  const fields = [...text.matchAll(/"\w+":(?:"[^"]*"|[-\d.]+),/g)]
  const found = fields[random.integer(0, fields.length - 1)]
  if (!found) return text
  const [field] = found
  return text.slice(0, found.index) + change(field) + text.slice(found.index + field.length)
}

function changedLetter(token: string, random: Random): string {
  const at = random.integer(0, token.length - 1)
  return token.slice(0, at) + pick(letters, random) + token.slice(at + 1)
}

function pick(list: string[], random: Random): string {
  return list[random.integer(0, list.length - 1)] ?? ''
}

test.each([
  ['a keyword that it does not know', { type: 'string', pattern: 'x' }, '"x"'],
  ['another type', { type: 'boolean' }, 'true'],
  ['another format', { type: 'string', format: 'email' }, '"a"'],
  ['a list of anything', { type: 'array' }, '[]'],
  ['a value with two spellings', { enum: ['ä"'] }, '"ä\\""'],
  ['a required field that is not described', { type: 'object', required: ['a'] }, '{"a":1}'],
])('a schema with %s is left to the long way', (_, schema, text) => {
  const described = { ...schema, description: '' } as Parameters<typeof createRecogniser>[0]

  expect(createRecogniser(described)(Buffer.from(text))).toBeUndefined()
})

test.each(['-5.5', '5.5', '-6', '6', '5.01'])('%s is not between -5 and 5', (text) => {
  const recognise = createRecogniser({
    type: 'array',
    description: '',
    items: { type: 'number', description: '', minimum: -5, maximum: 5 },
  })

  expect(recognise(Buffer.from(`[${text}]`))).toBeUndefined()
  expect(recognise(Buffer.from('[-5,5,-4.99,4.99]'))).toBe(0)
})

test('a contract that asks for more than it used to is not answered from what was known before', () => {
  const narrowed = readContracts().map((contract) => {
    const { schema } = contract
    if (contract.eventType !== 'inventory') return contract
    const quantity_change = { type: 'integer' as const, description: '', minimum: 0, maximum: 5 }
    return {
      ...contract,
      schema: { ...schema, properties: { ...schema.properties, quantity_change } },
    }
  })
  const recognise = createValidators(narrowed).get('inventory')?.recognise

  expect(recognise?.(inventory(5))).toBeGreaterThan(0)
  expect(recognise?.(inventory(6))).toBeUndefined()
  expect(recognise?.(inventory(-2))).toBeUndefined()
})

function inventory(quantity_change: number): Buffer {
  return Buffer.from(JSON.stringify({ ...sampleEvents.inventory, quantity_change }))
}
