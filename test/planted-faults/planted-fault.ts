/** One change to the code that would lose or double events; the tests must fail for it. */
export type PlantedFault = {
  name: string
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** What would go wrong if it were released. */
  breaks: string
  /** The tests that are to notice it. */
  tests: string[]
}
