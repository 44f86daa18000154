import { pick, type Random } from '../awkward-rows.ts'
import { type FuzzType, grammar, isFuzzType, leaves, randomConstant } from './grammar.ts'

/** Texts between holes, and what fills them: one text more than parts. */
export type Expression = { type: FuzzType | undefined; texts: string[]; parts: Expression[] }

/** A well-typed expression of at most so many calls inside of one another. */
export function randomExpression(type: FuzzType, depth: number, random: Random): Expression {
  if (depth === 0 || random(6) === 0) return leaf(type, pick(random, leaves[type]))
  return fill(pick(random, grammar[type]), type, { depth, random })
}

/** Fills a template that is no scalar expression itself: an aggregate. */
export function fill(
  template: string,
  type: FuzzType | undefined,
  { depth, random }: { depth: number; random: Random },
): Expression {
  const expression: Expression = { type, texts: [''], parts: [] }
  for (const [index, piece] of template.split(/\{(\w+)\}/).entries()) {
    const isHole = index % 2 === 1
    if (isHole && isFuzzType(piece)) {
      expression.parts.push(randomExpression(piece, depth - 1, random))
      expression.texts.push('')
    } else {
      const text = isHole ? randomConstant(piece, random) : piece
      if (text === undefined) throw new Error(`the grammar has no {${piece}}`)
      expression.texts.push(`${expression.texts.pop() ?? ''}${text}`)
    }
  }
  return expression
}

export function printExpression({ texts, parts }: Expression): string {
  return texts
    .map((text, index) => {
      const part = parts[index]
      if (!part) return text
      return part.parts.length > 0
        ? `${text}(${printExpression(part)})`
        : text + part.texts.join('')
    })
    .join('')
}

/** The same expression with one part made smaller, the smallest first. */
export function smaller(expression: Expression): Expression[] {
  const { type, texts, parts } = expression
  if (parts.length === 0) return []
  const own = type ? leaves[type].map((text) => leaf(type, text)) : []
  const inside = parts.filter((part) => type !== undefined && part.type === type)
  const inner = parts.flatMap((part, index) =>
    smaller(part).map((other) => ({ type, texts, parts: parts.with(index, other) })),
  )
  return [...own, ...inside, ...inner]
}

function leaf(type: FuzzType, text: string): Expression {
  return { type, texts: [text], parts: [] }
}
