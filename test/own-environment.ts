import { afterAll } from 'vitest'

/** Test files share processes: what one of them sets for Google's clients must not lead the next astray. */
const before = { ...process.env }

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})
