import { StorageError } from './storage-error.ts'

/** What a request brings of a resumable upload. */
export type Piece = {
  /** Undefined: no bytes, only the question how many have arrived. */
  start: number | undefined
  /** The end of the body is the end of the object, where no total says otherwise. */
  isOpenEnded: boolean
  total: number | undefined
}

/** `bytes 0-99/200`, a star for what is not known, `bytes *` and a total for the question; without it the body is all. */
export function readContentRange(header: string | undefined): Piece {
  if (header === undefined) return { start: 0, isOpenEnded: true, total: undefined }

  const match = /^bytes (?:\*|(?<start>\d+)-(?<end>\d+|\*))\/(?<total>\d+|\*)$/.exec(header)
  if (!match)
    throw new StorageError('badRequest', `Failed to parse Content-Range header: ${header}`)
  const { start, end, total } = match.groups ?? {}
  return {
    start: start === undefined ? undefined : Number(start),
    isOpenEnded: end === '*',
    total: total === '*' ? undefined : Number(total),
  }
}
