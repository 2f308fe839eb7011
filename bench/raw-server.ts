/** The yardstick: a bare `node:http` server that answers a fixed record to GET and parses the body of a POST. Nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const record = process.argv[2] ?? '{}'

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(record)
    return
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => {
    JSON.parse(body)
    response.writeHead(204, { location: '/services/rest/record/v1/salesOrder/1' })
    response.end()
  })
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
