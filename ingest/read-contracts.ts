import { createRequire } from 'node:module'
import type { Contract } from '../includes/contracts.js'
import { ConfigError } from './config.ts'

const contractsFile = '../includes/contracts.js'

/**
 * The contracts of includes/, for which Dataform wants plain modules. They are loaded when they are
 * asked for: then one that is no JavaScript is a ConfigError, and not the end before main.
 */
export function readContracts(load = createRequire(import.meta.url)): Contract[] {
  try {
    const contracts: Record<string, Contract> = load(contractsFile)
    return Object.values(contracts)
  } catch (cause) {
    throw new ConfigError([`The contracts in includes/ cannot be read: ${placeAndReason(cause)}.`])
  }
}

/** Only the first line of a syntax error's stack says in which file it is. */
function placeAndReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error instanceof SyntaxError ? /includes\S*:\d+/.exec(error.stack ?? '')?.[0] : ''
  return place ? `${error.message} in ${place}` : error.message
}
