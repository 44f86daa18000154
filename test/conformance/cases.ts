import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../../command/command.ts'
import { isObject } from '../../local/bigquery/is-object.ts'

/** What a recorded case says of a column; `fields` are a struct's. */
export type RecordedField = {
  name: string
  type: string
  mode: string
  fields?: RecordedField[]
}

export type RecordedError = { reason: string; http_status: number; message_pattern: string }

export type RestCall = {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Placeholders to fill from the answer: name → path such as `jobReference.jobId`. */
  capture?: Record<string, string>
}

export type RecordedParameter = { name?: string; type: unknown; value: unknown }

export type SqlCase = {
  id: string
  p1: boolean
  'setup.sql'?: string
  'setup_rest.json'?: RestCall[]
  'job_config.json'?: Record<string, unknown>
  'parameters.json'?: { mode: 'named' | 'positional'; parameters: RecordedParameter[] }
  'headers.json'?: Record<string, string>
  'query.sql': string
  'expected.json': {
    schema?: RecordedField[]
    rows?: Record<string, unknown>[]
    error?: RecordedError
    job_metadata?: Record<string, unknown>
  }
}

export type HttpCase = {
  id: string
  p1: boolean
  'setup.sql'?: string
  'setup_requests.json'?: RestCall[]
  'request.json': RestCall
  'expected_response.json': { http_status: number; body: unknown; source?: string }
}

export type Case = { kind: 'sql'; case: SqlCase } | { kind: 'http'; case: HttpCase }

/** The cases of a folder of recordings, those of `sql.jsonl` first. */
export function readCases(folder: string): Case[] {
  const sql = readLines(join(folder, 'sql.jsonl'), ['query.sql', 'expected.json']) as SqlCase[]
  const http = readLines(join(folder, 'http.jsonl'), [
    'request.json',
    'expected_response.json',
  ]) as HttpCase[]
  if (sql.length + http.length === 0) {
    throw new CommandError(`${folder} holds neither sql.jsonl nor http.jsonl with recorded cases`)
  }
  return [
    ...sql.map((recorded) => ({ kind: 'sql' as const, case: recorded })),
    ...http.map((recorded) => ({ kind: 'http' as const, case: recorded })),
  ]
}

export function familyOf({ case: { id } }: Case): string {
  return id.slice(0, id.indexOf('/'))
}

/** Replaces `${NAME}` everywhere inside a value; an unknown name stays, and so shows in what goes wrong. */
export function fillIn<T>(value: T, names: Record<string, string>): T {
  const text = JSON.stringify(value).replaceAll(/\$\{(\w+)\}/g, (whole, name: string) =>
    name in names ? JSON.stringify(names[name]).slice(1, -1) : whole,
  )
  return JSON.parse(text) as T
}

function readLines(file: string, parts: string[]): unknown[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    line === '' ? [] : [parseCase(line, ['id', ...parts], `${file}, line ${index + 1},`)],
  )
}

function parseCase(line: string, parts: string[], place: string): unknown {
  let recorded: unknown
  try {
    recorded = JSON.parse(line)
  } catch (cause) {
    throw new CommandError(`${place} is not JSON`, { cause })
  }
  const missing = parts.filter((part) => !isObject(recorded) || !recorded[part])
  if (missing.length === 0) return recorded
  throw new CommandError(`${place} is no recorded case: it has no ${missing.join(', ')}`)
}
