export type CommandOption = {
  type: 'string' | 'boolean'
  /** One line for `--help`; say the default here. */
  help: string
  /** How `--help` names the value: PORT, FOLDER. */
  value?: string
  short?: string
  /** The option may be given several times; its value is then a list. */
  multiple?: boolean
}

/** What `--help` tells of a command line. */
export type Described<Options extends Record<string, CommandOption>> = {
  /** As the user calls it: `npm run local`. */
  name: string
  /** What it does, in a sentence. */
  summary: string
  options: Options
  /** How the positional arguments are named; absent: there are none. */
  positionals?: string
  /** Variables of the environment that it reads, with a line each. */
  environment?: Record<string, string>
  /** What is said in the end. */
  notes?: string
}

/** What `--help` prints. */
export function helpText(command: Described<Record<string, CommandOption>>): string {
  const separator = command.name.startsWith('npm ') ? ' --' : ''
  const usage = [command.name + separator, command.positionals, '[options]'].filter(Boolean)
  const options = Object.entries(command.options).map(([name, { short, value, type, help }]) => {
    const flag = short ? `-${short}, --${name}` : `--${name}`
    return [type === 'string' ? `${flag} ${value ?? 'VALUE'}` : flag, help] as const
  })
  const variables = Object.entries(command.environment ?? {})
  const parts = [
    command.summary,
    `Usage: ${usage.join(' ')}`,
    inColumns([...options, ['-h, --help', 'show this text']]),
    variables.length > 0 && inColumns(variables),
    command.notes,
  ]
  return parts.filter(Boolean).join('\n\n')
}

function inColumns(rows: (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n')
}
