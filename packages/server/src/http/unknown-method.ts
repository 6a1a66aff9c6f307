import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** A request line (RFC 9112, 3) with any token as its method. */
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) (\/\S*) HTTP\/1\.([01])$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Reads the head of a request whose method Node's parser does not know and refused. To HTTP any token is a method, and
 * what the method may do is for the resource to say. Undefined when the parser stopped (at `parsed`) behind the method that
 * `packet` begins with, as it does at a request pipelined behind others, and when the head is malformed or not whole.
 * The body is left unread.
 */
export function requestOfUnknownMethod(packet: Buffer, parsed: number, socket: Socket): IncomingMessage | undefined {
  const text = packet.toString('latin1');
  const end = text.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [requestLine = '', ...headerLines] = text.slice(0, end).split('\r\n');
  const [, method, url, minor] = REQUEST_LINE.exec(requestLine) ?? [];
  const headers = headerLines.map((line) => HEADER_LINE.exec(line));
  if (method === undefined || parsed > method.length || headers.includes(null)) return undefined;
  const request = new IncomingMessage(socket);
  request.method = method;
  request.url = url;
  request.httpVersionMajor = 1;
  request.httpVersionMinor = Number(minor);
  request.httpVersion = `1.${minor}`;
  for (const [, name = '', value = ''] of headers as RegExpExecArray[]) addHeader(request, name, value);
  request.complete = true;
  request.push(null);
  return request;
}

function addHeader(request: IncomingMessage, name: string, value: string): void {
  const key = name.toLowerCase();
  const known = request.headers[key];
  request.rawHeaders.push(name, value);
  request.headers[key] = known === undefined ? value : `${known}, ${value}`;
}
