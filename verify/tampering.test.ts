import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fileOf, minute, startLanding, type Landing } from './testing.ts'

let landing: Landing
beforeAll(async () => void (landing = await startLanding()))
afterAll(() => landing.stop())
beforeEach(() => landing.clear())

describe('what somebody has tampered with is named', () => {
  const cases: [string, (names: string[]) => Promise<unknown>, string[]][] = [
    [
      'a file that was deleted',
      () => landing.bucket().file(fileOf('0001')).delete(),
      [`${fileOf('0001')}: there is no such file, but 2 rows name it, such as that of message a`],
    ],
    [
      'a row that was deleted',
      () =>
        landing.change(`delete raw_events where ingest_time > '2000-01-01' and message_id = 'b'`),
      [
        `${fileOf('0001')}, line 2: message b has no row in raw_events, and no note says that the file is to be loaded`,
      ],
    ],
    [
      'a payload that was changed in the table',
      () =>
        landing.change(`update raw_events set payload = json '{"status":"paid"}'
          where ingest_time > '2000-01-01' and message_id = 'b'`),
      [`${fileOf('0001')}, line 2: the row of message b has another payload`],
    ],
    [
      'a payload that was lost in the table',
      () =>
        landing.change(`update raw_events set payload = null
          where ingest_time > '2000-01-01' and message_id = 'b'`),
      [`${fileOf('0001')}, line 2: the row of message b has another payload`],
    ],
    [
      'bytes that are not those of the line, in a row as if BigQuery had refused it',
      () =>
        landing.change(`update raw_events set payload = null, raw_payload = b'{"status":"paid"}',
          errors = [('refused_by_bigquery', '', '')]
          where ingest_time > '2000-01-01' and message_id = 'b'`),
      [`${fileOf('0001')}, line 2: the row of message b has another payload, raw_payload`],
    ],
    [
      'a second row of a message that says something else',
      () =>
        landing.change(`insert into raw_events
          (message_id, publish_time, event_type, payload, source, object_name)
          select message_id, publish_time, event_type, json '{}', source, object_name
          from raw_events where ingest_time > '2000-01-01' and message_id = 'b'`),
      [`${fileOf('0001')}, line 2: the row of message b has another payload`],
    ],
    [
      'other columns that were changed in the table',
      () =>
        landing.change(`update raw_events set publish_time = '${minute}:59.124Z', event_type = 'unknown',
          errors = [('late', '', '')], attributes = json '{"a":"b"}', source = 'backfill'
          where ingest_time > '2000-01-01' and message_id = 'c'`),
      [
        `${fileOf('0002')}, line 1: the row of message c has another publish_time, event_type, errors, attributes, source`,
      ],
    ],
    [
      'a digit that was changed in a file',
      () => landing.edit(fileOf('0002'), (text) => text.replace('19.99', '19.98')),
      [`${fileOf('0002')}, line 1: the row of message c has another payload`],
    ],
    [
      'a line that was taken out of a file',
      () => landing.edit(fileOf('0001'), (text) => text.replace(/^.*\n/, '')),
      [
        `${fileOf('0001')}: its metadata say lines = 2, its lines say 1`,
        expect.stringMatching(
          /0001\.json: its metadata say batch_id = \w{64}, its lines say \w{64}$/,
        ),
        `${fileOf('0001')}: its metadata say first_message_id = a, its lines say b`,
        `${fileOf('0001')}: a row of message a names it, but no line does`,
      ],
    ],
    [
      'a file that was written over on the disk',
      async () => {
        const path = join(landing.folder(), fileOf('0002'))
        await writeFile(path, (await readFile(path, 'utf8')).replace('"Kettle"', '"Kettla"'))
      },
      [
        expect.stringContaining(`${fileOf('0002')}: the crc32c of its content is `),
        `${fileOf('0002')}, line 1: the row of message c has another payload`,
      ],
    ],
    [
      'a file that was cut off',
      () => landing.edit(fileOf('0002'), (text) => text.slice(0, -1)),
      [`${fileOf('0002')}: its last line is cut off, expected a line break at its end`],
    ],
    [
      'a line that is no JSON',
      () => landing.edit(fileOf('0002'), (text) => `${text}{"message_id":\n`),
      [
        expect.stringMatching(/0002\.json, line 2: expected a JSON object \(.+\)$/),
        `${fileOf('0002')}: its metadata say lines = 1, its lines say 2`,
        expect.stringContaining(`${fileOf('0002')}: its metadata say batch_id = `),
        `${fileOf('0002')}: its metadata say last_message_id = c, its lines say `,
      ],
    ],
    [
      'a line that belongs to another minute, another type and another file',
      () =>
        landing.edit(fileOf('0002'), (text) =>
          text
            .replace('T13:09:59.123Z', 'T13:08:59.123Z')
            .replace('"event_type":"order","payload"', '"event_type":"inventory","payload"')
            .replace(`"object_name":"${fileOf('0002')}"`, `"object_name":"${fileOf('0003')}"`),
        ),
      [
        `${fileOf('0002')}, line 1: object_name of message c is ${fileOf('0003')}, expected ${fileOf('0002')}`,
        `${fileOf('0002')}, line 1: event_type of message c is inventory, expected order`,
        `${fileOf('0002')}, line 1: the publish minute of message c is 2025-02-08T13:08, expected ${minute}`,
        `${fileOf('0002')}, line 1: the row of message c has another publish_time, event_type`,
      ],
    ],
    [
      'metadata that were lost',
      () =>
        landing
          .bucket()
          .file(fileOf('0002'))
          .setMetadata({ metadata: { lines: null } }),
      [`${fileOf('0002')}: its metadata say lines = undefined, its lines say 1`],
    ],
    [
      'a note of a file that is gone',
      () => landing.note(fileOf('0003')),
      [`${fileOf('0003')}: there is no such file, but a note says that its rows are to be loaded`],
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
    await tamper(await landing.landOrders())

    const { problems, total } = await landing.check()

    expect(problems).toEqual(expect.arrayContaining(expected))
    expect(problems).toHaveLength(expected.length)
    expect(total['problems']).toBe(expected.length)
  })

  test('rows that name no file', async () => {
    await landing.landOrders()
    await landing.change(`update raw_events
      set object_name = if(message_id = 'b', 'elsewhere/b.json', null)
      where ingest_time > '2000-01-01' and message_id in ('b', 'c')`)

    const { problems, strangers } = await landing.check()

    expect([problems, strangers]).toEqual([[], 2])
  })
})

test('an unfinished last line counts', async () => {
  const [name = ''] = await landing.landOrders()
  await appendFile(join(landing.folder(), name), '{')

  expect((await landing.check()).problems).toContainEqual(
    expect.stringMatching(/0001\.json, line 3: expected a JSON object/),
  )
})
