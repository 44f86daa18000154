import { expect, test } from 'vitest'
import { readFileName } from './file-name.ts'

test('a name tells event type, publish minute and number', () => {
  expect(readFileName('output/order/2025/02/08/13/09/order_2025020813090001.json')).toEqual({
    eventType: 'order',
    minute: '2025-02-08T13:09',
    number: 1,
  })
  expect(
    readFileName('output/user_activity/2024/02/29/00/00/user_activity_20240229000012345.json'),
  ).toEqual({ eventType: 'user_activity', minute: '2024-02-29T00:00', number: 12_345 })
})

test.each([
  'output/refund/2025/02/08/13/09/refund_2025020813090001.json',
  'output/order/2025/02/08/13/09/inventory_2025020813090001.json',
  'output/order/2025/02/08/13/10/order_2025020813090001.json',
  'output/order/2025/02/30/13/09/order_2025023013090001.json',
  'output/order/2025/02/08/24/00/order_2025020824000001.json',
  'output/order/2025/02/08/13/09/order_2025020813090000.json',
  'output/order/2025/02/08/13/09/order_20250208130900001.json',
  'output/order/2025/02/08/13/09/order_202502081309001.json',
  'output/order/2025/02/08/13/09/order_2025020813090001.json.bak',
  'output/order/2025/02/08/13/09/x/order_2025020813090001.json',
  'pending/output/order/2025/02/08/13/09/order_2025020813090001.json',
])('%s is no name of the ingester', (name) => {
  expect(readFileName(name)).toBeUndefined()
})
