import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const sqlFolder = join(import.meta.dirname, '..')
const folders = ['analyzer', 'execute', 'functions', 'printer']

/** What the engine says of the forms that it refuses, as its sources have it; `…` stands for a name. */
export async function refusedForms(): Promise<string[]> {
  const forms = new Set<string>()
  for (const folder of folders) {
    const files = await readdir(join(sqlFolder, folder), { recursive: true })
    for (const file of files.filter((name) => /(?<!\.test)\.ts$/.test(name))) {
      const text = await readFile(join(sqlFolder, folder, file), 'utf8')
      for (const [, quoted = ''] of text.matchAll(/notSupported\(\s*(`[^`]*`|'[^']*')/g)) {
        const form = quoted.slice(1, -1).replaceAll('${call.name.toUpperCase()}', 'FUNCTION')
        forms.add(form.replaceAll(/\$\{[^}]*\}+/g, '…'))
      }
    }
  }
  const telling = [...forms].filter((form) => /\w/.test(form))
  return telling.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
}
