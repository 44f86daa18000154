import type { ApiRequest } from './api.ts'

/**
 * Who calls: any token is taken, and one that is an e-mail address is its owner's. So two people
 * can look at the same row access policies.
 */
export function callerOf({ authorization = '' }: ApiRequest['headers']): { caller?: string } {
  const caller = /^Bearer\s+([^\s@]+@[^\s@]+)$/i.exec(authorization)?.[1]
  return caller === undefined ? {} : { caller }
}
