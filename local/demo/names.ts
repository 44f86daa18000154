import { readSettings } from '../../ddl/dataform-settings.ts'

/** Project and location are those of dataform.json, for the models name them. */
export const { defaultDatabase: projectId, defaultLocation: location } = await readSettings()
export const topic = 'backend-events-topic'
export const subscription = 'backend-events-topic-sub'
export const bucket = 'shop-events-landing'
export const rawTable = 'raw.raw_events'

/** What commands of the shop read from their environment, as .env.example has it. */
export const shopEnvironment = {
  GOOGLE_CLOUD_PROJECT: projectId,
  SUBSCRIPTION: subscription,
  BUCKET: bucket,
  RAW_TABLE: rawTable,
}
