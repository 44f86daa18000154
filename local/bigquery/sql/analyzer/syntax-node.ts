import { flatten } from './flat-message.ts'

/** A node of the parse tree, and the bytes of the text that it covers. */
export type SyntaxNode = {
  /** Without `AST` and `Node`: `IfStatement`. */
  kind: string
  start: number
  end: number
  child(name: string): SyntaxNode | undefined
  children(name: string): SyntaxNode[]
  text(name: string): string | undefined
  /** All children but those of the given names. */
  others(names: string[]): SyntaxNode[]
}

export function syntaxNode(message: unknown): SyntaxNode {
  const { name, fields } = flatten(message)
  const { start = 0, end = 0 } = (fields['parseLocationRange'] ?? {}) as Partial<SyntaxNode>
  return {
    kind: name.replace(/^ast/, ''),
    start,
    end,
    child(field) {
      const value = fields[field]
      return value === undefined || value === null ? undefined : syntaxNode(value)
    },
    children(field) {
      const value = fields[field]
      return Array.isArray(value) ? value.map(syntaxNode) : []
    },
    text(field) {
      const value = fields[field]
      return typeof value === 'string' ? value : undefined
    },
    others(names) {
      return Object.entries(fields)
        .filter(([field]) => field !== 'parseLocationRange' && !names.includes(field))
        .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
        .filter((value) => typeof value === 'object' && value !== null)
        .map(syntaxNode)
    },
  }
}
