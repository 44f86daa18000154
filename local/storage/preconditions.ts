import { StorageError } from './storage-error.ts'

export type Versioned = { generation: number; metageneration: number }

/** What a request demands of the object, or with `Source` in the names of the object that it copies. */
export type Conditions = {
  generationMatch: number | undefined
  generationNotMatch: number | undefined
  metagenerationMatch: number | undefined
  metagenerationNotMatch: number | undefined
}

export function readConditions(
  query: URLSearchParams,
  prefix: 'if' | 'ifSource' = 'if',
): Conditions {
  return {
    generationMatch: wholeNumber(query, `${prefix}GenerationMatch`),
    generationNotMatch: wholeNumber(query, `${prefix}GenerationNotMatch`),
    metagenerationMatch: wholeNumber(query, `${prefix}MetagenerationMatch`),
    metagenerationNotMatch: wholeNumber(query, `${prefix}MetagenerationNotMatch`),
  }
}

/** Generation 0 stands for an object that does not exist. Throws 412, or 304 where a read asked for news only. */
export function checkConditions(
  conditions: Conditions,
  current: Versioned | undefined,
  use: 'read' | 'write',
): void {
  const { generation, metageneration } = current ?? { generation: 0, metageneration: 0 }
  const { generationMatch, generationNotMatch } = conditions
  const { metagenerationMatch, metagenerationNotMatch } = conditions
  if ((generationMatch ?? generation) !== generation) throw conditionNotMet()
  if ((metagenerationMatch ?? metageneration) !== metageneration) throw conditionNotMet()
  if (generationNotMatch === generation || metagenerationNotMatch === metageneration) {
    throw use === 'read' ? new StorageError('notModified', 'Not Modified') : conditionNotMet()
  }
}

export function conditionNotMet(): StorageError {
  const words = 'At least one of the pre-conditions you specified did not hold.'
  return new StorageError('conditionNotMet', words)
}

export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new StorageError('invalid', `Invalid value at '${name}': '${text}' is no whole number.`)
}
