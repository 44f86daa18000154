import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Contract } from '../includes/contracts.js'
import { ConfigError } from './config.ts'
import type { EventError } from './event.ts'
import { readContracts } from './read-contracts.ts'
import { createRecogniser, type Recogniser } from './recogniser.ts'
import { isTimestamp } from './timestamp.ts'

/** What holds events against one contract. */
export type Validator = {
  /** Answers at once for most events that keep the contract, and for no other. */
  recognise: Recogniser
  /** Finds what breaks the contract; `thorough` asks for all of it, else the first finding is enough. */
  findErrors(event: object, options: { thorough: boolean }): EventError[]
}

const mostErrors = 20

const codes: Record<string, string> = {
  required: 'missing_field',
  type: 'wrong_type',
  enum: 'not_allowed',
  const: 'not_allowed',
  format: 'wrong_format',
  minimum: 'out_of_range',
  maximum: 'out_of_range',
}

export type Validators = ReadonlyMap<Contract['eventType'], Validator>

let compiled: Validators | undefined

/** The validators of the contracts in includes/, which do not change while a process lives. */
export function contractValidators(): Validators {
  compiled ??= createValidators(readContracts())
  return compiled
}

/** A validator for each contract, under its event type; a malformed contract is a ConfigError. */
export function createValidators(contracts: Contract[]): Validators {
  const quick = newAjv({ allErrors: false })
  const full = newAjv({ allErrors: true })
  return new Map(
    contracts.map(({ eventType, schema }) => {
      try {
        return [
          eventType,
          {
            recognise: createRecogniser(schema),
            findErrors: createFindErrors(quick.compile(schema), full.compile(schema)),
          },
        ]
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new ConfigError([`The contract of ${eventType} is malformed: ${why}.`])
      }
    }),
  )
}

function newAjv({ allErrors }: { allErrors: boolean }): Ajv {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
  return new Ajv({ allErrors, formats: { uuid, timestamp: isTimestamp } })
}

function createFindErrors(
  quick: ValidateFunction,
  full: ValidateFunction,
): Validator['findErrors'] {
  return (event, { thorough }) => {
    if (quick(event)) return []
    if (thorough) full(event)
    return (thorough ? full.errors : quick.errors)?.slice(0, mostErrors).map(toEventError) ?? []
  }
}

function toEventError({ keyword, instancePath, params, message }: ErrorObject): EventError {
  const code = codes[keyword] ?? 'breaks_contract'
  if (keyword === 'required') {
    return { code, path: `${instancePath}/${params.missingProperty}`, message: 'is missing' }
  }
  if (keyword === 'enum') {
    return {
      code,
      path: instancePath,
      message: `must be one of ${params.allowedValues.join(', ')}`,
    }
  }
  return { code, path: instancePath, message: message ?? `must satisfy ${keyword}` }
}
