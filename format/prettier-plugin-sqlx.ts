import { doc, type AstPath, type Doc, type Options, type Parser, type Printer } from 'prettier'
import { interpolations, sqlxBlocks, type Block } from './sqlx-blocks.ts'

type File = { type: 'file'; blocks: Block[]; failure?: unknown }
type TextToDoc = (text: string, options: Options) => Promise<Doc>

const { hardline, indent, join } = doc.builders

/** Prettier for SQLX: each block by the formatter of its language, `${…}` left as it is written. */
export const languages = [{ name: 'SQLX', parsers: ['sqlx'], extensions: ['.sqlx'] }]

export const parsers: Record<string, Parser<File>> = {
  sqlx: {
    astFormat: 'sqlx',
    parse: (text) => ({ type: 'file', blocks: sqlxBlocks(text) }),
    locStart: () => 0,
    locEnd: () => 0,
  },
}

export const printers: Record<string, Printer<File>> = {
  sqlx: {
    embed: () => async (textToDoc, _print, path: AstPath<File>) => {
      const file = path.node
      try {
        const blocks = await Promise.all(file.blocks.map((block) => printBlock(block, textToDoc)))
        return [join([hardline, hardline], blocks), hardline]
      } catch (error) {
        file.failure = inWords(error)
        throw file.failure
      }
    },
    // Prettier swallows what `embed` throws and prints the file by this: it must not come out empty.
    print: ({ node }) => {
      throw node.failure
    },
  },
}

async function printBlock({ head, body, line }: Block, textToDoc: TextToDoc): Promise<Doc> {
  if (head === '') return printSql(body, line, textToDoc)
  if (head === 'config') return ['config ', await printObject(body, textToDoc)]
  const isScript = head === 'js'
  const inner = isScript ? textToDoc(body, { parser: 'babel' }) : printSql(body, line, textToDoc)
  return [head, ' {', indent([hardline, await inner]), hardline, '}']
}

async function printObject(body: string, textToDoc: TextToDoc): Promise<Doc> {
  // The line break keeps the object open: a config block is read line by line.
  return textToDoc(`{\n${body.trim()}\n}`, { parser: '__js_expression', trailingComma: 'all' })
}

async function printSql(sql: string, line: number, textToDoc: TextToDoc): Promise<Doc> {
  let before = line
  const operations = sql.split(/^---$/m).map((one) => {
    // With the lines before it, an error names its line in the file.
    const placed = '\n'.repeat(before) + one.trimEnd()
    before += one.split('\n').length - 1
    return placed
  })
  const docs = await Promise.all(operations.map((one) => printStatements(one, textToDoc)))
  return join([hardline, hardline, '---', hardline, hardline], docs)
}

/** A place, even an empty one, tells Prettier that the text is wrong, not the program: it shows no stack. */
function inWords(error: unknown): unknown {
  return error instanceof Error && !('loc' in error) ? Object.assign(error, { loc: {} }) : error
}

/** Formats SQL with an identifier in the place of each `${…}`, then puts those back. */
async function printStatements(sql: string, textToDoc: TextToDoc): Promise<Doc> {
  const places = interpolations(sql)
  const originals = places.map(({ start, end }) => sql.slice(start, end))
  const names = originals.map((text, index) => `_${index}_`.padEnd(Math.min(text.length, 60), 'x'))
  let plain = ''
  let from = 0
  places.forEach(({ start, end }, index) => {
    // The second one would be taken for an alias of the first, and get an AS.
    if (index > 0 && sql.slice(from, start).trim() === '') {
      throw new Error(`${originals[index]} must stand for an expression, as in "where \${…}"`)
    }
    plain += sql.slice(from, start) + names[index]
    from = end
  })
  const formatted = await textToDoc(plain + sql.slice(from), {
    parser: 'bigquery',
    // Dataform joins what it sends with semicolons of its own.
    sqlFinalSemicolon: false,
  } as Options)
  return doc.utils.mapDoc(formatted, (part) =>
    typeof part === 'string' ? restore(part, names, originals) : part,
  )
}

function restore(part: string, names: string[], originals: string[]): Doc {
  let restored = part
  names.forEach((name, index) => {
    restored = restored.replaceAll(name, () => originals[index] ?? '')
  })
  return restored.includes('\n') ? join(doc.builders.literalline, restored.split('\n')) : restored
}
