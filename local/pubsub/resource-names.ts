import { invalidArgument } from './status-error.ts'

export type ResourceKind = 'topics' | 'subscriptions' | 'snapshots'

const pattern =
  /^projects\/[^/]+\/(?<kind>topics|subscriptions|snapshots)\/(?<id>[A-Za-z][\w.~+%-]{2,254})$/

/** Refuses what Google refuses: ids of fewer than 3 characters, ids that start with goog, a wrong kind. */
export function checkName(kind: ResourceKind, name: string): void {
  const { groups } = pattern.exec(name) ?? {}
  if (groups?.['kind'] === kind && !/^goog/i.test(groups['id'] ?? '')) return

  throw invalidArgument(
    `Invalid resource name given (name=${name}). Refer to ` +
      'https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.',
  )
}

/** `projects/p` of a name, or of a request that lists a project. */
export function projectOf(name: string): string {
  const [first, project] = name.split('/')
  if (first === 'projects' && project) return `projects/${project}`
  throw invalidArgument(`Invalid project name given (name=${name}).`)
}
