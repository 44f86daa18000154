import type { Command, CommandOption } from './command.ts'

/** What `--help` prints. */
export function helpText(command: Command<Record<string, CommandOption>>): string {
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
