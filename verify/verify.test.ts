import { execFile } from 'node:child_process'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleEvents } from '../ingest/testing-events.ts'
import { startLanding, type Landing } from './testing.ts'

let landing: Landing
beforeAll(async () => void (landing = await startLanding()))
afterAll(() => landing.stop())
beforeEach(() => landing.clear())

const { order, inventory, user_activity } = sampleEvents
const asData = (event: object) => Buffer.from(JSON.stringify(event))
const minute = '2025-02-08T13:09'
const at = (name: string) => `output/order/2025/02/08/13/09/order_202502081309${name}.json`

/** Two files of orders of one minute: messages a and b in the first, c in the second. */
async function landOrders(): Promise<string[]> {
  const orders = ['a', 'b', 'c'].map((messageId) => ({ messageId, data: asData(order) }))
  const first = await landing.land(orders.slice(0, 2))
  return [...first, ...(await landing.land(orders.slice(2)))]
}

/** Runs a statement on the table of this test. */
function change(sql: string): Promise<unknown> {
  return landing.bigquery.query(sql.replaceAll('raw_events', landing.table()))
}

/** Puts another text in the place of a file, as somebody with a text editor and the client would. */
async function edit(name: string, rewrite: (text: string) => string): Promise<void> {
  const file = landing.bucket().file(name)
  const [[content], [{ metadata }]] = await Promise.all([file.download(), file.getMetadata()])
  await file.save(rewrite(content.toString()), { resumable: false, metadata: { metadata } })
}

describe('what the ingester has landed', () => {
  test('has no problem, however awkward it is', async () => {
    const awkward = [
      asData(order),
      Buffer.from('{"event_type":"inventory","n":9007199254740993,"x":1.50,"y":1e2,"z":-0.0}'),
      Buffer.from(JSON.stringify({ ...order, note: 'nul \0 and \u2028 and "quotes" \\' })),
      Buffer.from(JSON.stringify(order, null, 2).replaceAll('\n', '\r\n')),
      Buffer.from('{"event_type":"order","n":123456789012345678901234567890}'),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      Buffer.from('{"event_type":"../../x"}'),
      Buffer.from(JSON.stringify({ ...order, note: 'x"'.repeat(4_900_000 / 2) })),
    ].map((data) => ({ data, attributes: { origin: 'test "1"' } }))
    await landing.land(awkward)
    await landing.land([
      { data: asData(inventory) },
      { data: asData(inventory), publishTime: '2025-02-08T13:10:00.123456789Z' },
      { data: asData(user_activity), publishTime: '2025-02-08T14:00:00Z' },
    ])

    const { problems, total, strangers } = await landing.check()

    expect(problems).toEqual([])
    expect(strangers).toBe(0)
    expect(total).toMatchObject({ lines: 11, rows: 11, repeatedRows: 0, unusedNumbers: 0 })
  })

  test('has rows whose payload BigQuery refused, and which hold it as bytes', async () => {
    const [name = ''] = await landing.land([{ messageId: 'a', data: asData(order) }])
    const bytes = asData(order).toString('base64')
    await change(`update raw_events set payload = null, raw_payload = from_base64('${bytes}'),
      errors = [('refused_by_bigquery', '', 'invalid: no')] where ingest_time > '2000-01-01'`)

    expect((await landing.check()).problems).toEqual([])

    await change(`update raw_events set raw_payload = b'{}' where ingest_time > '2000-01-01'`)
    expect((await landing.check()).problems).toEqual([
      `${name}, line 1: the row of message a has another payload, raw_payload`,
    ])
  })

  test('is checked by hours of publication and by event type', async () => {
    await landOrders()
    await landing.land([{ data: asData(inventory), publishTime: '2025-02-08T14:00:00Z' }])
    const lines = async (options: Parameters<Landing['check']>[0]) =>
      (await landing.check(options)).total['lines']

    expect(await lines({ from: '2025-02-08T13', to: '2025-02-08T14' })).toBe(3)
    expect(await lines({ from: '2025-02-08T14' })).toBe(1)
    expect(await lines({ eventTypes: ['order'] })).toBe(3)
    expect(await lines({ to: '2025-02-08T13' })).toBe(0)
  })
})

test('many rows are asked for in parts and in pages', async () => {
  await landOrders()
  await landing.land([
    { data: asData(order), publishTime: '2025-02-08T15:00:00Z' },
    { data: asData(inventory), publishTime: '2025-02-08T14:00:00Z' },
  ])

  for (const rowsAQuery of [1, 4, 100]) {
    const { problems, total } = await landing.check({ limits: { rowsAQuery, rowsAPage: 1 } })

    expect([rowsAQuery, problems]).toEqual([rowsAQuery, []])
    expect(total).toMatchObject({ files: 4, lines: 5, rows: 5 })
  }
})

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
    await change(`insert into raw_events (message_id, publish_time, event_type, payload, source, object_name)
      select message_id, publish_time, event_type, payload, 'revalidated', object_name
      from raw_events where ingest_time > '2000-01-01' and message_id = 'b'`)
    await change(`update raw_events set object_name = '${at('0003')}', message_id = 'a'
      where ingest_time > '2000-01-01' and source = 'revalidated'`)

    const { problems } = await landing.check()

    expect(problems).toEqual([
      `${at('0003')}: there is no such file, but the row of message a names it`,
    ])
  })

  test('a line whose message only came back changed is no such case', async () => {
    const [name = ''] = await landing.land([{ messageId: 'a', data: asData(order) }], {
      rows: false,
    })
    await landing.land(['a', 'b'].map((messageId) => ({ messageId, data: asData(order) })))
    await change(
      `update raw_events set payload = json '{}' where ingest_time > '2000-01-01' and message_id = 'a'`,
    )

    expect((await landing.check()).problems.toSorted()).toEqual([
      `${name}, line 1: the row of message a, which names ${at('0002')}, has another payload`,
      `${at('0002')}, line 1: the row of message a has another payload`,
    ])
  })

  test('BigQuery took a row twice', async () => {
    await landOrders()
    await change(`insert into raw_events (message_id, publish_time, event_type, payload, errors, attributes,
      source, object_name) select message_id, publish_time, event_type, payload, errors, attributes, source,
      object_name from raw_events where ingest_time > '2000-01-01' and message_id = 'a'`)

    const { problems, total } = await landing.check()

    expect(problems).toEqual([])
    expect(total).toMatchObject({ lines: 3, rows: 4, repeatedRows: 1 })
  })

  test('a number was claimed and not used', async () => {
    const [, second = ''] = await landOrders()
    await landing
      .bucket()
      .file(second)
      .copy(landing.bucket().file(at('0004')))
    await edit(at('0004'), (text) => text.replace(second, at('0004')))
    await landing.bucket().file(second).delete()
    await change(`update raw_events set object_name = '${at('0004')}'
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

describe('what somebody has tampered with is named', () => {
  const cases: [string, (names: string[]) => Promise<unknown>, string[]][] = [
    [
      'a file that was deleted',
      () => landing.bucket().file(at('0001')).delete(),
      [`${at('0001')}: there is no such file, but 2 rows name it, such as that of message a`],
    ],
    [
      'a row that was deleted',
      () => change(`delete raw_events where ingest_time > '2000-01-01' and message_id = 'b'`),
      [
        `${at('0001')}, line 2: message b has no row in raw_events, and no note says that the file is to be loaded`,
      ],
    ],
    [
      'a payload that was changed in the table',
      () =>
        change(`update raw_events set payload = json '{"status":"paid"}'
          where ingest_time > '2000-01-01' and message_id = 'b'`),
      [`${at('0001')}, line 2: the row of message b has another payload`],
    ],
    [
      'other columns that were changed in the table',
      () =>
        change(`update raw_events set publish_time = '${minute}:59.124Z', event_type = 'unknown',
          errors = [('late', '', '')], attributes = json '{"a":"b"}', source = 'backfill'
          where ingest_time > '2000-01-01' and message_id = 'c'`),
      [
        `${at('0002')}, line 1: the row of message c has another publish_time, event_type, errors, attributes, source`,
      ],
    ],
    [
      'a digit that was changed in a file',
      () => edit(at('0002'), (text) => text.replace('19.99', '19.98')),
      [`${at('0002')}, line 1: the row of message c has another payload`],
    ],
    [
      'a line that was taken out of a file',
      () => edit(at('0001'), (text) => text.replace(/^.*\n/, '')),
      [
        `${at('0001')}: its metadata say lines = 2, its lines say 1`,
        expect.stringMatching(
          /0001\.json: its metadata say batch_id = \w{64}, its lines say \w{64}$/,
        ),
        `${at('0001')}: its metadata say first_message_id = a, its lines say b`,
        `${at('0001')}: a row of message a names it, but no line does`,
      ],
    ],
    [
      'a file that was written over on the disk',
      async () => {
        const path = join(landing.folder(), at('0002'))
        await writeFile(path, (await readFile(path, 'utf8')).replace('"Kettle"', '"Kettla"'))
      },
      [
        expect.stringContaining(`${at('0002')}: the crc32c of its content is `),
        `${at('0002')}, line 1: the row of message c has another payload`,
      ],
    ],
    [
      'a file that was cut off',
      () => edit(at('0002'), (text) => text.slice(0, -1)),
      [`${at('0002')}: its last line is cut off, expected a line break at its end`],
    ],
    [
      'a line that is no JSON',
      () => edit(at('0002'), (text) => `${text}{"message_id":\n`),
      [
        expect.stringMatching(/0002\.json, line 2: expected a JSON object \(.+\)$/),
        `${at('0002')}: its metadata say lines = 1, its lines say 2`,
        expect.stringContaining(`${at('0002')}: its metadata say batch_id = `),
        `${at('0002')}: its metadata say last_message_id = c, its lines say `,
      ],
    ],
    [
      'a line that belongs to another minute, another type and another file',
      () =>
        edit(at('0002'), (text) =>
          text
            .replace('T13:09:59.123Z', 'T13:08:59.123Z')
            .replace('"event_type":"order","payload"', '"event_type":"inventory","payload"')
            .replace(`"object_name":"${at('0002')}"`, `"object_name":"${at('0003')}"`),
        ),
      [
        `${at('0002')}, line 1: object_name of message c is ${at('0003')}, expected ${at('0002')}`,
        `${at('0002')}, line 1: event_type of message c is inventory, expected order`,
        `${at('0002')}, line 1: the publish minute of message c is 2025-02-08T13:08, expected ${minute}`,
        `${at('0002')}, line 1: the row of message c has another publish_time, event_type`,
      ],
    ],
    [
      'metadata that were lost',
      () =>
        landing
          .bucket()
          .file(at('0002'))
          .setMetadata({ metadata: { lines: null } }),
      [`${at('0002')}: its metadata say lines = undefined, its lines say 1`],
    ],
    [
      'a note of a file that is gone',
      () => landing.note(at('0003')),
      [`${at('0003')}: there is no such file, but a note says that its rows are to be loaded`],
    ],
    [
      'a file that the ingester cannot have named',
      () => landing.bucket().file('output/order/2025/02/08/13/9/x.json').save('{}\n'),
      [
        'output/order/2025/02/08/13/9/x.json: the ingester gives no file such a name, ' +
          'expected output/<event type>/<yyyy>/<MM>/<dd>/<HH>/<mm>/<event type>_<yyyyMMddHHmm><NNNN>.json',
      ],
    ],
  ]

  test.each(cases)('%s', async (_what, tamper, expected) => {
    await tamper(await landOrders())

    const { problems, total } = await landing.check()

    expect(problems).toEqual(expect.arrayContaining(expected))
    expect(problems).toHaveLength(expected.length)
    expect(total['problems']).toBe(expected.length)
  })

  test('rows that name no file', async () => {
    await landOrders()
    await change(`update raw_events set object_name = null
      where ingest_time > '2000-01-01' and message_id = 'c'`)

    const { problems, strangers } = await landing.check()

    expect([problems, strangers]).toEqual([[], 1])
  })
})

test('an unfinished last line counts', async () => {
  const [name = ''] = await landOrders()
  await appendFile(join(landing.folder(), name), '{')

  expect((await landing.check()).problems).toContainEqual(
    expect.stringMatching(/0001\.json, line 3: expected a JSON object/),
  )
})

/** Runs the command in a process of its own. */
function run(args: string[], environment = landing.environment()) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const main = join(import.meta.dirname, 'main.ts')
    const env = { PATH: process.env['PATH'], ...environment }
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

describe('npm run verify', () => {
  test('prints each problem and a table, and ends with 1', async () => {
    const [name = ''] = await landOrders()
    await landing.bucket().file(name).delete()

    expect(await run(['--settle', '0'])).toEqual({
      code: 1,
      stderr: '',
      stdout: `${name}: there is no such file, but 2 rows name it, such as that of message a

       files  lines  raw events  problems
order      1      1           1         1
all        1      1           1         1

The ledger is not compared: there is no table events.ledger (LEDGER_TABLE).

One problem.
`,
    })
  })

  test.each([
    [
      ['--from', 'today'],
      "--from must be an hour of publication in UTC such as 2025-02-08T13, not 'today'",
    ],
    [
      ['--event-type', 'refund'],
      "--event-type must be one of inventory, order, unknown, user_activity, not 'refund'",
    ],
    [['--settle', 'soon'], "--settle must be a number of minutes, not 'soon'"],
    [['--all'], "Unknown option '--all'"],
    [[], 'missing from the environment: BUCKET, RAW_TABLE'],
  ])('%j is a usage error', async (args, message) => {
    expect(await run(args, { GOOGLE_CLOUD_PROJECT: 'shop-events' })).toEqual({
      code: 2,
      stdout: '',
      stderr: `verify: ${message}\nTry: npm run verify -- --help\n`,
    })
  })
})
