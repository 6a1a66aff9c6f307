import { describe, expect, it } from 'vitest';
import { parseRequestInfo } from '../filters/request-info.js';
import type { KeelsonContext } from '../http/context.js';
import { Query } from '../http/query.js';
import { PathLayer } from './path-layer.js';

class Response {
  statusCode = 0;
  body = '';
  readonly headers: Record<string, unknown> = {};

  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }

  end(body: Buffer): void {
    this.body = body.toString();
  }
}

/** What the layer makes of a request: the text that a handler gives, an answer, a failure, or undefined. */
function ask(layer: PathLayer, method: string, url: string, accept?: string): unknown {
  const res = new Response();
  const info = parseRequestInfo(method, url, { query: new Query('') });
  const ctx = { req: { method, headers: { accept } }, res, state: { info, res } } as unknown as KeelsonContext;
  const handler = layer.resolve(ctx);
  if (handler === undefined) return undefined;
  try {
    return handler(ctx) ?? `${res.statusCode} ${res.body}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function answering(text: string) {
  return () => text as never;
}

describe('PathLayer', () => {
  const layer = new PathLayer();
  layer.handle('/logs', answering('logs'));
  layer.handleDocument('/version', 'application/json', answering('version'));
  layer.handle('/livez', answering('livez'), 'any');
  layer.handlePrefix('/livez/', answering('one of livez'), 'any');
  layer.handle('/', answering('root'));
  layer.handleUnlisted('/debug', answering('debug'), 'any');

  it.each([
    ['GET', '/version', 'version'],
    ['GET', '/version/', 'version'],
    ['GET', '/version?x=y', 'version'],
    ['GET', '/', 'root'],
    ['GET', '/livez/etcd', 'one of livez'],
    ['GET', '/livez/', 'one of livez'],
    ['GET', '/logs', 'logs'],
    ['GET', '/logs/', '404 404 page not found\n'],
    ['POST', '/logs', 'the server does not allow this method on the requested resource'],
    ['GET', '/version/x', 'the server could not find the requested resource'],
    ['POST', '/version/x', 'the server could not find the requested resource'],
    ['PUT', '/version/', 'the server does not allow this method on the requested resource'],
    ['POST', '/livez', 'livez'],
    ['PUT', '/debug', 'debug'],
    ['POST', '/version', 'the server does not allow this method on the requested resource'],
    ['HEAD', '/version', 'the server does not allow this method on the requested resource'],
    ['GET', '/versions', '404 404 page not found\n'],
    ['GET', '/constructor', '404 404 page not found\n'],
    ['GET', '/api/v1/pods', undefined],
  ])('%s %s: %s', (method, url, expected) => {
    expect(ask(layer, method, url)).toBe(expected);
  });

  it.each([
    ['', 'version'],
    ['text/html, */*;q=0.1', 'version'],
    ['text/html, application/json;q=0.5', 'version'],
    ['application/*', '406: Not Acceptable\n\nAvailable representations: application/json'],
  ])('answers who accepts %j with %j', (accept, expected) => {
    expect(ask(layer, 'GET', '/version', accept)).toBe(expected);
  });

  it('lists its paths, and forgets those that go', () => {
    expect(layer.paths).toEqual(['/', '/livez', '/logs', '/version']);
    const other = new PathLayer();
    other.handle('/b', answering('b'));
    other.handle('/a', answering('a'));
    other.unhandle('/b');
    expect(other.paths).toEqual(['/a']);
    expect(ask(other, 'GET', '/b')).toBe('404 404 page not found\n');
  });
});
