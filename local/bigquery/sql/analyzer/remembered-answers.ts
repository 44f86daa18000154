/** What was asked; `constant` is the same object in all requests of which it is a part. */
export type Question = { method: string; constant: object; varying: Uint8Array }

/** The last answers of a service, for those who ask the same again. */
export type RememberedAnswers = {
  /** The answer to the same question before, or what `ask` gives; a failure is not remembered. */
  of(question: Question, ask: () => Promise<Buffer>): Promise<Buffer>
}

/** Together, questions and answers: what some hundred statements of a few kilobytes take. */
const mostBytes = 16 * 2 ** 20

export function createRememberedAnswers(): RememberedAnswers {
  // In the order of their last use.
  const known = new Map<string, Buffer>()
  const constants = new Map<object, number>()
  let bytes = 0

  function keyOf({ method, constant, varying }: Question): string {
    const number = constants.get(constant) ?? constants.size
    constants.set(constant, number)
    return `${method} ${number} ${Buffer.from(varying).toString('latin1')}`
  }

  function remember(key: string, answer: Buffer): void {
    known.set(key, answer)
    bytes += key.length + answer.length
    for (const [oldest, { length }] of known) {
      if (bytes <= mostBytes) return
      known.delete(oldest)
      bytes -= oldest.length + length
    }
  }

  return {
    async of(question, ask) {
      const key = keyOf(question)
      const before = known.get(key)
      if (before) {
        known.delete(key)
        known.set(key, before)
        return before
      }
      // In memory of its own: what arrives is a part of something larger.
      const answer = Buffer.from(new Uint8Array(await ask()).buffer)
      if (!known.has(key)) remember(key, answer)
      return answer
    },
  }
}
