import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What would otherwise run alone at the end, on one core. Of all else Vitest knows no duration before its first run. */
const longest = [
  'test/law.test.ts',
  'test/books/',
  'test/chaos/',
  'test/end-to-end/',
  'ingest/main.test.ts',
  'local/demo/main.test.ts',
  'test/dataform-project/',
  'local/bigquery/sql/differential/differential.test.ts',
]

/** Puts the longest test files before all others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((path) => moduleId.includes(`/${path}`))
  return place < 0 ? longest.length : place
}
