import { format } from 'prettier'
import { expect, test } from 'vitest'
import * as sqlx from './prettier-plugin-sqlx.ts'

const options = {
  parser: 'sqlx',
  plugins: ['prettier-plugin-sql-cst', sqlx],
  semi: false,
  singleQuote: true,
  printWidth: 100,
  sqlKeywordCase: 'lower',
  sqlTypeCase: 'lower',
  sqlFunctionCase: 'lower',
}

const untidy = `config { type: "view",
  description: 'Braces { in } strings do not count.' }

js { const limit = 3 }
pre_operations { declare since timestamp default (
  \${when(incremental(), \`(select max(t) from \${self()})\`, "timestamp '1970-01-01'")}) }
SELECT order_id,  -- the key
 LAX_STRING(payload.status) AS status, FROM \${ref("raw", "raw_events")}
WHERE event_type='order' AND \${first.per('order_id')}
`

test('formats each block by its own language and keeps interpolations as written', async () => {
  expect(await format(untidy, options)).toBe(`config {
  type: 'view',
  description: 'Braces { in } strings do not count.',
}

js {
  const limit = 3
}

pre_operations {
  declare since timestamp default (
    \${when(incremental(), \`(select max(t) from \${self()})\`, "timestamp '1970-01-01'")}
  )
}

select
  order_id, -- the key
  lax_string(payload.status) as status
from \${ref("raw", "raw_events")}
where event_type = 'order' and \${first.per('order_id')}
`)
})

test('is idempotent', async () => {
  const once = await format(untidy, options)

  expect(await format(once, options)).toBe(once)
})

test('names what is not closed, and where', async () => {
  await expect(format('select 1\n\nconfig { type: "view"', options)).rejects.toMatchObject({
    message: expect.stringContaining('a block or ${…} is not closed'),
    codeFrame: expect.stringContaining('> 3 | config { type: "view"'),
  })
})

test('refuses an interpolation that stands for a clause, which would become an alias', async () => {
  const clause = "select a from ${ref('t')}\n${when(incremental(), `where a > 1`)}\n"

  await expect(format(clause, options)).rejects.toThrow('must stand for an expression')
})

test('says what is wrong with SQL that does not parse, where in the file, and prints nothing', async () => {
  const file =
    'config { type: "view" }\n\npre_operations {\n  select 1\n  ---\n  select from where\n}'

  await expect(format(file, options)).rejects.toThrow(/Syntax Error: Unexpected[^]*:6:9/)
  await expect(format(file, options)).rejects.toHaveProperty('loc')
})
