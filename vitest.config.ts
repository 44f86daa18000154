import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{ingest,includes,ddl,verify,revalidate,local,test,bench,format}/**/*.test.ts'],
    // Vitest would leave one core to others; CI has two, and the tests wait for child processes anyway.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
