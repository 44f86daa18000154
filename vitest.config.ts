import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

export default defineConfig({
  test: {
    include: [
      '{ingest,includes,ddl,verify,revalidate,command,local,test,bench,format}/**/*.test.ts',
    ],
    // Vitest would leave one core to others; CI has two, and the tests wait for child processes anyway.
    maxWorkers: '100%',
    // Google's clients, Ajv and the engine take a second to load, and longer to become fast.
    isolate: false,
    setupFiles: ['test/own-environment.ts'],
    sequence: { sequencer: LongestFirst },
    // Else Google's clients look for credentials on the network.
    env: { METADATA_SERVER_DETECTION: 'none' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
