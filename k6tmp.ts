import { awkwardRows, seededRandom } from './local/bigquery/sql/differential/awkward-rows.ts'
for (const [s, r] of [[7,355]] as const) console.log(JSON.stringify(awkwardRows(1000, seededRandom(s))[r]?.s))
