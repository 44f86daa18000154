import { parseArgs } from 'node:util'
import { endWithItsReader } from './closed-pipe.ts'
import { helpText, type CommandOption, type Described } from './help-text.ts'

/** A wrong use of a command line: one sentence for the user, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** What a user can mend, but not on the command line (a port in use, a missing table): one sentence, exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError'
}

type Value<O extends CommandOption> = O['multiple'] extends true
  ? O['type'] extends 'string'
    ? string[]
    : boolean[]
  : O['type'] extends 'string'
    ? string
    : boolean

/** What was given; an option that was not given is absent. */
export type CommandValues<Options extends Record<string, CommandOption>> = {
  [K in keyof Options]?: Value<Options[K]>
}

export type Command<Options extends Record<string, CommandOption>> = Described<Options> & {
  /** Its number is the exit code, nothing is 0. Throws UsageError or CommandError for what the user can mend. */
  run(values: CommandValues<Options>, positionals: string[]): Promise<number | void>
}

export type CommandContext = {
  args: string[]
  print(text: string): void
  complain(text: string): void
}

const processContext: CommandContext = {
  args: process.argv.slice(2),
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
}

/** Runs a command line and resolves to its exit code; `--help` and errors of the user are answered here. */
export async function runCommand<Options extends Record<string, CommandOption>>(
  command: Command<Options>,
  context: CommandContext = processContext,
): Promise<number> {
  const { args, print, complain } = context
  if (context === processContext) endWithItsReader()
  try {
    if (args.includes('--help') || args.includes('-h')) {
      print(helpText(command))
      return 0
    }
    const { values, positionals } = parse(command, args)
    return (await command.run(values, positionals)) ?? 0
  } catch (error) {
    if (!isForUser(error)) throw error
    complain(`${command.name}: ${error.message}`)
    if (!(error instanceof UsageError)) return 1
    complain(`Try: ${helpCall(command.name)}`)
    return 2
  }
}

/** What fails in here is told in its own words, as a CommandError: for calls to services, which may refuse anything. */
export async function inWords<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (isForUser(cause)) throw cause
    const text = cause instanceof Error ? cause.message || cause.name : String(cause)
    throw new CommandError(text.replace(/\s+/g, ' '), { cause })
  }
}

/** A whole number within bounds, or a UsageError that names the option. */
export function wholeNumber(
  option: string,
  text: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: { from?: number; to?: number } = {},
): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= from && number <= to) return number

  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} up` : `from ${from} to ${to}`
  throw new UsageError(`--${option} must be a whole number ${range}, not '${text}'`)
}

function parse<Options extends Record<string, CommandOption>>(
  command: Command<Options>,
  args: string[],
): { values: CommandValues<Options>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args,
      options,
      allowPositionals: command.positionals !== undefined,
    })
    return { values: values as CommandValues<Options>, positionals }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(firstSentence(error.message), { cause: error })
  }
}

/** Node's text goes on with advice about positional arguments that helps nobody here. */
function firstSentence(message: string): string {
  return (message.split('. To specify')[0] ?? message).replaceAll('\n', ' ')
}

function isForUser(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof CommandError) return true
  // The operating system's refusals (EACCES, ENOENT) name the path and are no faults of the program.
  return error instanceof Error && 'syscall' in error
}

/** npm keeps everything before `--` for itself. */
function helpCall(name: string): string {
  return name.startsWith('npm ') ? `${name} -- --help` : `${name} --help`
}
