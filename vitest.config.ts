import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{ingest,includes,ddl,verify,revalidate,local,test,bench,format}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
