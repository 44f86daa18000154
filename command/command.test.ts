import { expect, test } from 'vitest'
import {
  CommandError,
  inWords,
  runCommand,
  UsageError,
  wholeNumber,
  type Command,
} from './command.ts'

const options = {
  port: { type: 'string', value: 'PORT', help: 'where to listen (default 80)' },
  keep: { type: 'boolean', help: 'go on' },
  set: { type: 'string', multiple: true, help: 'a setting' },
} as const

/** Runs a command over these arguments and remembers what it printed. */
async function call(args: string[], overrides: Partial<Command<typeof options>> = {}) {
  const printed: string[] = []
  const complaints: string[] = []
  const code = await runCommand(
    { name: 'npm run x', summary: 'Does x.', options, run: async () => {}, ...overrides },
    { args, print: (text) => printed.push(text), complain: (text) => complaints.push(text) },
  )
  return { code, printed, complaints }
}

test('hands over the options that were given', async () => {
  let given: unknown
  const { code } = await call(['--port', '81', '--set', 'a', '--set', 'b'], {
    run: async (values) => void (given = { ...values }),
  })

  expect(code).toBe(0)
  expect(given).toEqual({ port: '81', set: ['a', 'b'] })
})

test('help names every option and runs nothing', async () => {
  const { code, printed } = await call(['--keep', '--help'], {
    run: async () => {
      throw new Error('must not run')
    },
  })

  expect(code).toBe(0)
  expect(printed.join('\n')).toContain('Usage: npm run x -- [options]')
  expect(printed.join('\n')).toContain('--port PORT  where to listen (default 80)')
})

test('help names the variables of the environment, and ends with the notes', async () => {
  const { printed } = await call(['-h'], {
    environment: { BUCKET: 'where files lie; required' },
    notes: 'Safe to run again.',
  })

  expect(printed.join('\n')).toMatch(
    /\n\n {2}BUCKET {2}where files lie; required\n\nSafe to run again\.$/,
  )
})

test('an unknown option is one sentence and exit code 2', async () => {
  const { code, complaints } = await call(['--prot', '1'])

  expect(code).toBe(2)
  expect(complaints).toEqual(["npm run x: Unknown option '--prot'", 'Try: npm run x -- --help'])
})

test('a positional argument is refused where there are none', async () => {
  const { code, complaints } = await call(['folder'])

  expect(code).toBe(2)
  expect(complaints[0]).toContain("Unexpected argument 'folder'")
})

test.each([
  ['a usage error', new UsageError('--a and --b exclude each other'), 2],
  ['a command error', new CommandError('port 80 is in use'), 1],
])('%s is told without a stack trace', async (_, error, expected) => {
  const { code, complaints } = await call([], { run: () => Promise.reject(error) })

  expect(code).toBe(expected)
  expect(complaints[0]).toBe(`npm run x: ${error.message}`)
})

test('a fault of the program is not taken for one of the user', async () => {
  const fault = call([], { run: () => Promise.reject(new TypeError('undefined is no function')) })

  await expect(fault).rejects.toThrow('undefined is no function')
})

test('what a service refuses is told in its words, in one line', async () => {
  const { code, complaints } = await call([], {
    run: () => inWords(() => Promise.reject(new Error('Not found:\n  Table t'))),
  })

  expect(code).toBe(1)
  expect(complaints).toEqual(['npm run x: Not found: Table t'])
})

test('what is wrong with the command line stays that among calls to services', async () => {
  const { code } = await call([], {
    run: () => inWords(() => Promise.reject(new UsageError('--a needs --b'))),
  })

  expect(code).toBe(2)
})

test('the number of run is the exit code', async () => {
  expect((await call([], { run: async () => 3 })).code).toBe(3)
})

test('wholeNumber names the option and its bounds', () => {
  expect(wholeNumber('port', '0', { to: 65535 })).toBe(0)
  expect(() => wholeNumber('port', '70000', { to: 65535 })).toThrow(
    "--port must be a whole number from 0 to 65535, not '70000'",
  )
  expect(() => wholeNumber('rate', '1.5', { from: 1 })).toThrow('from 1 up')
})
