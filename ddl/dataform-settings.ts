import { readFile } from 'node:fs/promises'

/** What dataform.json says once, for Dataform and for everything else. */
export type DataformSettings = {
  /** The project. */
  defaultDatabase: string
  defaultLocation: string
  vars: Record<string, string | undefined>
}

/** Reads dataform.json. */
export async function readSettings(): Promise<DataformSettings> {
  return parseSettings(await readFile(new URL('../dataform.json', import.meta.url), 'utf8'))
}

/** The settings of a text, or an error that names the file. */
export function parseSettings(text: string): DataformSettings {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`dataform.json is not JSON: ${reason}`, { cause })
  }
}

/** A variable that is a whole number above 0, or an error that names it. */
export function wholeSetting({ vars }: DataformSettings, name: string): number {
  const text = vars[name] ?? ''
  if (/^[1-9][0-9]*$/.test(text)) return Number(text)
  throw new Error(`the variable ${name} in dataform.json must be a whole number, not "${text}"`)
}
