import { aggregateRules } from '../functions/aggregate-rules.ts'
import { windowRules } from '../functions/analytic-call.ts'
import { scalarRules } from '../functions/scalar-rules.ts'
import type { BuiltinFunction } from './builtin-functions.ts'

/** The forms of a function, told by the types of their arguments. */
export type FunctionSupport = {
  name: string
  mode: BuiltinFunction['mode']
  supported: string[]
  refused: string[]
}

type Signature = { type: string | undefined; isRequired: boolean }[]

/** Types that have no values in the local engine. */
const withoutValues = new Set(['GEOGRAPHY'])

/** Which forms of a function have a rule: what has none is refused when a query is analysed. */
export function functionSupport({ name, mode, signatures }: BuiltinFunction): FunctionSupport {
  const keys = ruleKeys(name)
  const supported = new Set<string>()
  const refused = new Set<string>()
  for (const signature of signatures) {
    const form = formText(signature)
    const chosen = chosenForms(signature, keys)
    for (const text of chosen ?? []) supported.add(text)
    if (chosen === undefined) refused.add(form)
  }
  return { name, mode, supported: [...supported], refused: [...refused] }
}

/** The types that the rules of a function begin with; an empty list is a rule for all types. */
function ruleKeys(name: string): string[][] {
  const rules = { ...scalarRules, ...aggregateRules, ...windowRules }
  return Object.keys(rules).flatMap((key) => {
    const [ruleName, types] = key.split(/[()]/)
    if (ruleName !== name) return []
    return [types === undefined ? [] : types.split(',')]
  })
}

function chosenForms(signature: Signature, keys: string[][]): string[] | undefined {
  const lacking = signature.some(({ type }) => withoutValues.has(type ?? ''))
  if (lacking) return undefined
  const fitting = keys.filter((types) =>
    types.every((type, index) => (signature[index]?.type ?? type) === type),
  )
  if (fitting.length === 0) return undefined
  if (fitting.some((types) => types.length === 0)) return [formText(signature)]
  return fitting.map((types) =>
    formText(signature.map((argument, i) => ({ ...argument, type: types[i] ?? argument.type }))),
  )
}

function formText(signature: Signature): string {
  const required = signature.filter(({ isRequired }) => isRequired).map(typeText)
  const optional = signature.filter(({ isRequired }) => !isRequired).map(typeText)
  const rest = optional.length === 0 ? [] : [`[${optional.join(', ')}]`]
  return `(${[...required, ...rest].join(', ')})`
}

function typeText({ type }: Signature[number]): string {
  if (type === undefined) return 'any'
  return type === 'ENUM' ? 'part' : type
}
