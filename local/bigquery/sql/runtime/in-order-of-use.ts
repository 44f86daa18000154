/** Macros by their head, `name(a, b)`, so that each comes after those that it calls. */
export function inOrderOfUse(macros: Record<string, string>): [head: string, body: string][] {
  const byName = new Map(Object.entries(macros).map((macro) => [nameOf(macro[0]), macro]))
  const ordered = new Map<string, [string, string]>()
  const add = (name: string): void => {
    const macro = byName.get(name)
    if (!macro || ordered.has(name)) return
    for (const [, used = ''] of macro[1].matchAll(/\bbq\.(\w+)\(/g)) if (used !== name) add(used)
    ordered.set(name, macro)
  }
  for (const name of byName.keys()) add(name)
  return [...ordered.values()]
}

function nameOf(head: string): string {
  return head.slice(0, head.indexOf('('))
}
