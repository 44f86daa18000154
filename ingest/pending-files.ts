/** The files whose rows are not in `raw_events` yet: each has a note until a load brings them in. */
export type PendingNotes = {
  /** Durable when it ends; to note a file twice does no harm. */
  add(objectName: string): Promise<void>
  /** The names of up to `most` noted files. */
  list(most: number): Promise<string[]>
  /** To remove a note twice does no harm. */
  remove(objectName: string): Promise<void>
}

/** One text that all instances share; who has not seen its last version cannot replace it. */
export type SharedText = {
  read(): Promise<{ text: string | undefined; version: string }>
  /** Answers the new version, or undefined if another than this one stands there by now. */
  replace(text: string, version: string): Promise<string | undefined>
}

export type LoadJob =
  | { state: 'running' }
  | { state: 'done'; rows: number }
  /** `objectNames` are the files that BigQuery named as bad, as far as it did. */
  | { state: 'failed'; reason: string; message: string; objectNames: string[] }

/** Load jobs of BigQuery into `raw_events`. */
export type LoadJobs = {
  /** From which bucket to which table: a part of each job's id, which is unique in a project. */
  route: string
  /** How the job of this id stands; it is started if there is none, and never twice. */
  run(id: string, objectNames: readonly string[]): Promise<LoadJob>
}

/** What landing by load jobs needs besides what landing by rows does. */
export type Loading = {
  notes: PendingNotes
  ledger: SharedText
  jobs: LoadJobs
  /** The content of a landed file; undefined if somebody has deleted it. */
  readFile(objectName: string): Promise<Buffer | undefined>
}
