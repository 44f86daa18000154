type Fields = Record<string, unknown>

/**
 * A node of GoogleSQL's trees comes as `{ node: 'xNode', xNode: { parent: {…}, … } }`, one level for
 * each abstract class: all its fields in one object, and the innermost name.
 */
export function flatten(message: unknown): { name: string; fields: Fields } {
  let name = ''
  let current = message as Fields
  while (typeof current['node'] === 'string' && current[current['node']]) {
    name = current['node']
    current = current[name] as Fields
  }
  const fields: Fields = {}
  let level: Fields | undefined = current
  while (level) {
    for (const key in level) if (key !== 'parent' && !(key in fields)) fields[key] = level[key]
    level = level['parent'] as Fields | undefined
  }
  return { name: name.replace(/Node$/, ''), fields }
}
