/** Text that is no JSON, or that BigQuery's JSON type cannot hold exactly. */
export class JsonTextError extends Error {
  override name = 'JsonTextError'
}
