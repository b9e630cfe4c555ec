import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '../../kernel/index.js';
import { errorBody } from './error-body.js';
import { statuses } from './statuses.js';

/** How long whoever sent it may take to read the answer, before the socket goes whatever they do. */
const LINGER_MS = 1_000;

/** Bytes that are no HTTP request, or not whole in time, never reach a route; they are answered in the same form. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  socket.end(answerOf(failureOf(error.code)));
  // Their half of the connection may stay open for ever, and what they still send is not wanted.
  socket.resume();
  const linger = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(linger));
}

function failureOf(code: string | undefined): Failure {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Failure('headers_too_large', 'The URL and the headers of the request are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Failure('request_timeout', 'The request was not whole in time');
    default:
      return new Failure('bad_request', 'The request is not valid HTTP');
  }
}

function answerOf(failure: Failure): string {
  const status = statuses[failure.code];
  const body = JSON.stringify(errorBody(failure));
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
    `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
    `cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`
  );
}
