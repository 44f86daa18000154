import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

test.each(['ddl', 'ingest', 'local', 'verify', 'revalidate'])(
  'the command of %s/ ends without a stack trace when nobody reads what it prints',
  async (folder) => {
    const child = spawn('sh', ['-c', `"${process.execPath}" ${folder}/main.ts --help | true`])
    const [complaints] = await Promise.all([text(child.stderr), once(child, 'exit')])

    expect(complaints).toBe('')
  },
)
