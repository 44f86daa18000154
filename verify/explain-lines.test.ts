import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleEvents } from '../ingest/testing-events.ts'
import { asData, fileOf, startLanding, type Landing } from './testing.ts'

let landing: Landing
beforeAll(async () => void (landing = await startLanding()))
afterAll(() => landing.stop())
beforeEach(() => landing.clear())

const { order } = sampleEvents

describe('what looks wrong but has an explanation', () => {
  test('a file waits to be loaded', async () => {
    const [name = ''] = await landing.land([{ data: asData(order) }], { rows: false })
    await landing.note(name)

    const { problems, total } = await landing.check()

    expect(problems).toEqual([])
    expect(total).toMatchObject({ lines: 1, rows: 0, waiting: 1 })
  })

  test('an ingester ended between its file and its rows, and the messages came again', async () => {
    await landing.land([{ messageId: 'a', data: asData(order) }], { rows: false })
    await landing.land(['a', 'b'].map((messageId) => ({ messageId, data: asData(order) })))

    const { problems, total } = await landing.check()

    expect(problems).toEqual([])
    expect(total).toMatchObject({ files: 2, lines: 3, rows: 2, landedElsewhere: 1 })
  })

  test('it came again and was landed once more when its contract had changed', async () => {
    const rejected = Buffer.from('{"event_type":"order"}')
    await landing.land([{ messageId: 'a', data: rejected }], { rows: false })
    await landing.land(['a', 'b'].map((messageId) => ({ messageId, data: rejected })))
    await landing.change(`insert into raw_events (message_id, publish_time, event_type, payload, source, object_name)
      select message_id, publish_time, event_type, payload, 'revalidated', object_name
      from raw_events where ingest_time > '2000-01-01' and message_id = 'b'`)
    await landing.change(`update raw_events set object_name = '${fileOf('0003')}', message_id = 'a'
      where ingest_time > '2000-01-01' and source = 'revalidated'`)

    const { problems } = await landing.check()

    expect(problems).toEqual([
      `${fileOf('0003')}: there is no such file, but the row of message a names it`,
    ])
  })

  test('a line whose message only came back changed is no such case', async () => {
    const [name = ''] = await landing.land([{ messageId: 'a', data: asData(order) }], {
      rows: false,
    })
    await landing.land(['a', 'b'].map((messageId) => ({ messageId, data: asData(order) })))
    await landing.change(
      `update raw_events set payload = json '{}' where ingest_time > '2000-01-01' and message_id = 'a'`,
    )

    expect((await landing.check()).problems.toSorted()).toEqual([
      `${name}, line 1: the row of message a, which names ${fileOf('0002')}, has another payload`,
      `${fileOf('0002')}, line 1: the row of message a has another payload`,
    ])
  })

  test('BigQuery took a row twice', async () => {
    await landing.landOrders()
    await landing.change(`insert into raw_events (message_id, publish_time, event_type, payload, errors, attributes,
      source, object_name) select message_id, publish_time, event_type, payload, errors, attributes, source,
      object_name from raw_events where ingest_time > '2000-01-01' and message_id = 'a'`)

    const { problems, total } = await landing.check()

    expect(problems).toEqual([])
    expect(total).toMatchObject({ lines: 3, rows: 4, repeatedRows: 1 })
  })

  test('a number was claimed and not used', async () => {
    const [, second = ''] = await landing.landOrders()
    await landing
      .bucket()
      .file(second)
      .copy(landing.bucket().file(fileOf('0004')))
    await landing.edit(fileOf('0004'), (text) => text.replace(second, fileOf('0004')))
    await landing.bucket().file(second).delete()
    await landing.change(`update raw_events set object_name = '${fileOf('0004')}'
      where ingest_time > '2000-01-01' and object_name = '${second}'`)

    const { problems, total } = await landing.check()

    expect(problems).toEqual([])
    expect(total).toMatchObject({ files: 2, unusedNumbers: 2 })
  })

  test('a file is too young, or its rows have expired', async () => {
    const [name = ''] = await landing.land([{ data: asData(order) }], { rows: false })
    const [{ timeCreated }] = await landing.bucket().file(name).getMetadata()
    const created = Date.parse(String(timeCreated))

    const young = await landing.check({ settledBefore: created })
    const old = await landing.check({ keptSince: created + 1 })

    expect([young.problems, young.total['unsettled']]).toEqual([[], 1])
    expect([old.problems, old.total['expired']]).toEqual([[], 1])
  })
})
