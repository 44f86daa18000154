/** What the demo calls things; the same as in dataform.json and .env.example. */
export const projectId = 'shop-events'
export const topic = 'backend-events-topic'
export const subscription = 'backend-events-topic-sub'
export const bucket = 'shop-events-landing'
export const rawTable = 'raw.raw_events'
