import { expect, test } from 'vitest'
import { folderOf, numberOf, objectName } from './object-name.ts'

test('the first file of a minute has the name that was asked for', () => {
  expect(objectName('order', '2025-02-08T13:09', 1)).toBe(
    'output/order/2025/02/08/13/09/order_2025020813090001.json',
  )
})

test('the number grows beyond four digits', () => {
  const name = objectName('user_activity', '2025-02-08T13:09', 12_345)

  expect(name).toBe('output/user_activity/2025/02/08/13/09/user_activity_20250208130912345.json')
  expect(numberOf(name)).toBe(12_345)
})

test('a name gives its number back, and a stranger has none', () => {
  expect(numberOf(objectName('order', '2025-02-08T13:09', 42))).toBe(42)
  expect(numberOf('output/order/2025/02/08/13/09/notes.json')).toBeUndefined()
})

test('all files of a minute lie in its folder', () => {
  const folder = folderOf('inventory', '2025-02-08T13:09')

  expect(objectName('inventory', '2025-02-08T13:09', 7).startsWith(folder)).toBe(true)
})
