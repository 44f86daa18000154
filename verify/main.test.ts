import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startLanding, type Landing } from './testing.ts'

let landing: Landing
beforeAll(async () => void (landing = await startLanding()))
afterAll(() => landing.stop())
beforeEach(() => landing.clear())

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
    const [name = ''] = await landing.landOrders()
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

  test('a wrong option is a sentence and exit code 2', async () => {
    expect(await run(['--event-type', 'refund'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `npm run verify: --event-type must be one of inventory, order, unknown, user_activity, not 'refund'
Try: npm run verify -- --help
`,
    })
  })
})
