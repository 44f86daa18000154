import { createRequire } from 'node:module'
import { expect, test } from 'vitest'

const require = createRequire(import.meta.url)
const { holdFor } = require('../includes/conditions.js')
const { object, oneOf, text } = require('../includes/contracts/fields.js')

test('what may be away may be null, and holds to the rest of its contract where it is there', () => {
  const schema = object(
    { status: oneOf(['new', 'paid'], 'A status.'), gift: oneOf(['box', 'card'], 'A gift.') },
    'An order.',
    { optional: ['gift'] },
  )

  expect(schema.required).toEqual(['status'])
  expect(holdFor({ schema })).toBe(
    `(status is not null
    and status in ('new', 'paid')
    and (gift is null or gift is not null and gift in ('box', 'card')))`,
  )
})

test('the fields of an object that may be away are asked for only where it is there', () => {
  const schema = object({ gift: object({ card: text('A card.') }, 'A gift.') }, 'An order.', {
    optional: ['gift'],
  })

  expect(holdFor({ schema })).toBe('((gift is null or gift.card is not null))')
})
