import { arrayRules } from './array-rules.ts'
import { comparisonRules } from './comparison-rules.ts'
import type { Call, Rule, Rules } from './rule.ts'
import { applyRule } from './template.ts'
import { textRules } from './text-rules.ts'

/**
 * Functions of BYTES that do with bytes what those of STRING do with characters: they are given
 * texts in which each byte is the character of that number.
 */
export const latinRules: Rules = {
  'right(BYTES)': asBytes(textRules['right(STRING)']),
  'lpad(BYTES)': asBytes(textRules['lpad(STRING)']),
  'rpad(BYTES)': asBytes(textRules['rpad(STRING)']),
  'trim(BYTES)': asBytes(textRules['trim(STRING)']),
  'ltrim(BYTES)': asBytes(textRules['ltrim(STRING)']),
  'rtrim(BYTES)': asBytes(textRules['rtrim(STRING)']),
  'repeat(BYTES)': asBytes(textRules['repeat(STRING)']),
  'replace(BYTES)': asBytes(textRules['replace(STRING)']),
  'translate(BYTES)': asBytes(textRules['translate(STRING)']),
  'split(BYTES)': (call) => {
    const parts = applyRule(ruleOf(textRules['split(STRING)']), latinCall(call))
    return `list_transform(${parts}, lambda p: js_bytes_of_latin(p))`
  },
  'strpos(BYTES)': onLatin(textRules['strpos(STRING)']),
  'instr(BYTES)': onLatin(textRules['instr(STRING)']),
  'ascii(BYTES)': onLatin(textRules['unicode(STRING)']),
  'to_code_points(BYTES)': onLatin(textRules['to_code_points(STRING)']),
  'regexp_contains(BYTES)': onLatin('regexp_matches({0}, {1})'),
  '$like(BYTES)': onLatin(comparisonRules['$like(STRING)'] ?? comparisonRules['$like']),
  'array_to_string(ARRAY)': (call) => {
    const [type] = call.types
    const isText = type?.kind !== 'ARRAY' || type.element.kind !== 'BYTES'
    const rule = ruleOf(arrayRules['array_to_string'])
    if (isText) return applyRule(rule, call)
    const array = { ...type, element: { kind: 'STRING' } } as const
    const types = call.types.map((other, index) => (index === 0 ? array : other))
    return `js_bytes_of_latin(${applyRule(rule, { ...latinCall(call), types })})`
  },
}

function ruleOf(rule: Rule | undefined): Rule {
  if (rule === undefined) throw new Error('a function of BYTES is like none of STRING')
  return rule
}

function onLatin(rule: Rule | undefined): Rule {
  return (call) => applyRule(ruleOf(rule), latinCall(call))
}

function asBytes(rule: Rule | undefined): Rule {
  return (call) => `js_bytes_of_latin(${applyRule(ruleOf(rule), latinCall(call))})`
}

/** The call with its BYTES as texts. */
function latinCall(call: Call): Call {
  const optional = (index: number): string | undefined => {
    const value = call.optional(index)
    const type = call.types[index]
    if (value === undefined) return undefined
    if (type?.kind === 'BYTES') return `js_latin_text(${value})`
    const isArray = type?.kind === 'ARRAY' && type.element.kind === 'BYTES'
    return isArray ? `list_transform(${value}, lambda b: js_latin_text(b))` : value
  }
  const arg = (index: number): string => optional(index) ?? call.arg(index)
  return { ...call, optional, arg, args: () => call.nodes.map((_, index) => arg(index)) }
}
