import { notSupported } from '../../bigquery-error.ts'
import { flatten } from './flat-message.ts'
import { type SqlType, type TypeProto, typeFromProto } from './sql-type.ts'

/** A column of a scan; its id is unique in the statement. */
export type Column = { id: string; name: string; tableName: string; type: SqlType }

type Fields = Record<string, unknown>

/** Fields that change no answer, or say again what other fields say. */
const immaterial = new Set([
  'node',
  'parseLocationRange',
  'functionCallInfo',
  'signature',
  'hasExplicitType',
  'floatLiteralId',
  'preserveInLiteralRemover',
  'isOrdered',
  'nodeSource',
  'columnIndexList',
  'columnAccessList',
  'isCorrelated',
  'hintList',
  'groupByHintList',
  'originalRollupColumnList',
])

/** Values of enumerations that mean the same as the field's absence. */
const defaults = new Set([
  'DEFAULT_ERROR_MODE',
  'DEFAULT_NULL_HANDLING',
  'ORDER_UNSPECIFIED',
  'CREATE_DEFAULT',
  'CREATE_DEFAULT_SCOPE',
  'SQL_SECURITY_UNSPECIFIED',
  'DETERMINISM_UNSPECIFIED',
  'MERGE_DEFAULT',
  'OR_ERROR',
  'BY_POSITION',
  'STRICT',
])

/**
 * Reads a node of the resolved tree and remembers what was read, so that `assertRead` can refuse a
 * statement of which a part would have been ignored.
 */
export class ResolvedNode {
  /** Without `Resolved` and `Node`: `FilterScan`, `FunctionCall`, `QueryStmt`. */
  readonly kind: string
  /** The message itself, for analyses that print nothing: what they look at does not count as read. */
  readonly source: unknown
  readonly #fields: Fields
  readonly #read = new Set<string>()
  readonly #children = new Map<string, ResolvedNode[]>()

  constructor(message: unknown, kindHint = '') {
    const { name, fields } = flatten(message)
    this.kind = name.replace(/^resolved/, '') || kindHint
    this.source = message
    this.#fields = fields
  }

  has(name: string): boolean {
    return isSet(this.#fields[name])
  }

  node(name: string): ResolvedNode {
    const child = this.optionalNode(name)
    if (!child) throw new Error(`${this.kind} has no ${name}`)
    return child
  }

  optionalNode(name: string): ResolvedNode | undefined {
    const value = this.#take(name)
    if (value === undefined || value === null) return undefined
    return this.#wrap(name, [value])[0]
  }

  nodes(name: string): ResolvedNode[] {
    const value = this.#take(name)
    return this.#wrap(name, Array.isArray(value) ? value : [])
  }

  text(name: string): string {
    const value = this.#take(name)
    return typeof value === 'string' ? value : ''
  }

  texts(name: string): string[] {
    const value = this.#take(name)
    return Array.isArray(value) ? value.map(String) : []
  }

  number(name: string): number {
    return Number(this.#take(name) ?? 0)
  }

  flag(name: string): boolean {
    return this.#take(name) === true
  }

  type(name = 'type'): SqlType {
    return typeFromProto(this.#take(name) as TypeProto)
  }

  column(name = 'column'): Column {
    return columnOf(this.#take(name))
  }

  columns(name = 'columnList'): Column[] {
    const value = this.#take(name)
    return Array.isArray(value) ? value.map(columnOf) : []
  }

  /** The field as it came: for values of literals, type parameters and other messages that are no nodes. */
  message(name: string): unknown {
    return this.#take(name)
  }

  /** Says that these fields need no reading here, whatever they hold. */
  ignore(...names: string[]): void {
    for (const name of names) this.#read.add(name)
  }

  /** Refuses when this node, or one that was read from it, has a field that nobody read. */
  assertRead(): void {
    for (const [name, value] of Object.entries(this.#fields)) {
      if (this.#read.has(name) || immaterial.has(name) || !isSet(value)) continue
      throw notSupported(`${this.kind}.${name}`)
    }
    for (const children of this.#children.values()) for (const child of children) child.assertRead()
  }

  #take(name: string): unknown {
    this.#read.add(name)
    return this.#fields[name]
  }

  #wrap(name: string, values: unknown[]): ResolvedNode[] {
    const known = this.#children.get(name)
    if (known) return known
    const children = values.map((value) => new ResolvedNode(value, `${this.kind}.${name}`))
    this.#children.set(name, children)
    return children
  }
}

function columnOf(value: unknown): Column {
  const { columnId, name, tableName, type } = value as {
    columnId: string
    name?: string
    tableName?: string
    type: TypeProto
  }
  return { id: columnId, name: name ?? '', tableName: tableName ?? '', type: typeFromProto(type) }
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false
  if (value === 0 || value === '0') return false
  if (typeof value === 'string') return !defaults.has(value)
  if (Array.isArray(value)) return value.length > 0
  // An annotation map or a collation without content.
  if (typeof value === 'object') return Object.values(value).some(isSet)
  return true
}
