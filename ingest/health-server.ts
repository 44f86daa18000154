import { createServer, type Server } from 'node:http'
import type { Health } from './health.ts'

/** Answers GET / and /health with 200 or, and why, 503. */
export function startHealthServer(health: Health, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (path !== '/' && path !== '/health') return void response.writeHead(404).end()

    const reasons = health.reasons()
    response.writeHead(reasons.length > 0 ? 503 : 200, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ healthy: reasons.length === 0, reasons })}\n`)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => resolve(server))
  })
}
