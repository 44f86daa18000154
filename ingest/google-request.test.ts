import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { createPost, RequestFailed, type SigningClient } from './google-request.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
}

const anonymous: SigningClient = {
  makeAuthenticatedRequest: (request, { onAuthenticated }) => onAuthenticated(null, request),
}

test('the pieces of a body arrive as one, signed by the client', async () => {
  const url = await serve(async (request, response) => {
    const { authorization, 'content-length': length, 'content-type': type } = request.headers
    response.end(JSON.stringify({ authorization, length, type, body: await text(request) }))
  })
  const signing: SigningClient = {
    makeAuthenticatedRequest({ headers }, { onAuthenticated }) {
      const signed = new Headers(headers)
      signed.set('Authorization', 'Bearer abc')
      onAuthenticated(null, { headers: signed })
    },
  }

  const pieces = ['one ', 'twö ', 'three'].map((piece) => Buffer.from(piece))
  expect(await createPost(signing)(url, { 'content-type': 'text/plain' }, pieces)).toEqual({
    authorization: 'Bearer abc',
    length: '14',
    type: 'text/plain',
    body: 'one twö three',
  })
})

test('a client that cannot sign sends nothing', async () => {
  let requests = 0
  const url = await serve((_, response) => response.end(String(requests++)))
  const unable: SigningClient = {
    makeAuthenticatedRequest: (_, { onAuthenticated }) =>
      onAuthenticated(new Error('no credentials')),
  }

  await expect(createPost(unable)(url, {}, [])).rejects.toThrow('no credentials')
  expect(requests).toBe(0)
})

test.each([
  [503, '{"error":{"code":503,"message":"backend error"}}', 'backend error'],
  [502, '<html>no upstream</html>', '502 Bad Gateway: <html>no upstream</html>'],
  [404, '{}', '404 Not Found: {}'],
])('an answer of %i is an error with the reason that it gives', async (status, body, message) => {
  const url = await serve((request, response) => {
    request.resume()
    response.writeHead(status).end(body)
  })

  const failure = createPost(anonymous)(url, {}, [Buffer.from('x')])

  await expect(failure).rejects.toThrow(RequestFailed)
  await expect(failure).rejects.toMatchObject({ status, message })
})

test('an answer that is cut off, is no JSON or never comes is an error', async () => {
  const answers: RequestListener[] = [
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{')
      setImmediate(() => response.destroy())
    },
    (_, response) => response.end('{'),
    () => {},
  ]
  const url = await serve((request, response) => answers.shift()?.(request, response))
  const post = createPost({ ...anonymous, timeout: 200 })

  await expect(post(url, {}, [])).rejects.toThrow('aborted')
  await expect(post(url, {}, [])).rejects.toThrow(SyntaxError)
  await expect(post(url, {}, [])).rejects.toThrow('no answer within 0.2 seconds')
})

test('a connection that the service closed while it was idle is no failure', async () => {
  const sockets = new Set<unknown>()
  const url = await serve((request, response) => {
    if (sockets.has(request.socket)) return request.socket.resetAndDestroy()
    sockets.add(request.socket)
    request.resume()
    return response.end('{"taken":true}')
  })
  const post = createPost(anonymous)

  expect(await post(url, {}, [Buffer.from('first')])).toEqual({ taken: true })
  expect(await post(url, {}, [Buffer.from('second')])).toEqual({ taken: true })
  expect(sockets.size).toBe(2)
})

test('nobody there is an error', async () => {
  const url = await serve(() => {})
  server?.close()

  await expect(createPost(anonymous)(url, {}, [])).rejects.toThrow('ECONNREFUSED')
})

test('a new connection that is reset is a failure, which is told before the next attempt', async () => {
  let requests = 0
  const url = await serve((request, response) => {
    if (++requests === 1) request.socket.resetAndDestroy()
    else response.end('{}')
  })

  await expect(createPost(anonymous)(url, {}, [Buffer.from('x')])).rejects.toThrow(
    /ECONNRESET|socket hang up/,
  )
})
