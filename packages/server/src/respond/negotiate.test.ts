import { ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import type { KeelsonContext } from '../http/context.js';
import { Query } from '../http/query.js';
import {
  groupsNegotiator,
  type Negotiated,
  type Negotiator,
  negotiatorOf,
  parseAccept,
  plainNegotiator,
  watchNegotiatorOf,
} from './negotiate.js';

const protobuf = 'application/vnd.kubernetes.protobuf';
const asTable = 'as=Table;g=meta.k8s.io;v=v1';
const asPartial = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const objectNegotiator = negotiatorOf({});
const watchNegotiator = watchNegotiatorOf({});

function negotiate(accept: string | undefined, by: Negotiator = objectNegotiator, query = '', agent = 'tester/1.0'): Negotiated {
  const headers = { ...(accept !== undefined && { accept }), 'user-agent': agent };
  return by.negotiate({ req: { headers }, state: { query: new Query(query) } } as unknown as KeelsonContext);
}

function refusal(accept: string, by?: Negotiator): string {
  try {
    return JSON.stringify(negotiate(accept, by));
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe('parseAccept', () => {
  it.each([
    ['a/b', ['a/b']],
    ['a/b;q=0.1, c/d', ['c/d', 'a/b']],
    ['a/b;q=0.5, c/d;q=0.7, e/f;q=0.6', ['c/d', 'e/f', 'a/b']],
    ['*/*, a/*, a/b', ['a/b', 'a/*', '*/*']],
    ['a/b;q=0.5, */*;q=0.8', ['*/*', 'a/b']],
    ['a/b, c/d', ['a/b', 'c/d']],
    ['a/b;q=x, c/d;q=0.9', ['a/b', 'c/d']],
  ])('orders %s', (accept, types) => {
    expect(parseAccept(accept).map(({ type }) => type)).toEqual(types);
  });

  it('reads parameters, blanks and all', () => {
    const [clause] = parseAccept(' a/b ; as = Table;q=0.5 ; stream');
    expect([...(clause?.params ?? [])]).toEqual([
      ['as', 'Table'],
      ['q', '0.5'],
      ['stream', ''],
    ]);
    expect(clause?.quality).toBe(0.5);
  });
});

describe('negotiation', () => {
  const json: Negotiated = { media: 'application/json', viewVersion: 'v1', pretty: false };

  it.each<[string | undefined, Partial<Negotiated>]>([
    [undefined, json],
    ['', json],
    ['*/*', json],
    ['text/html, application/xhtml+xml, */*;q=0.8', json],
    ['application/yaml', { ...json, media: 'application/yaml' }],
    [protobuf, { ...json, media: protobuf }],
    [`${protobuf}, application/json`, { ...json, media: protobuf }],
    [`application/json;q=0.5, ${protobuf};q=0.9`, { ...json, media: protobuf }],
    [`*/*, ${protobuf}`, { ...json, media: protobuf }],
    ['application/json;charset=utf-8', json],
    ['application/json;pretty=1', { ...json, pretty: true }],
    [`${protobuf};pretty=1`, { ...json, media: protobuf }],
    [`application/json;${asTable}`, { ...json, view: 'Table' }],
    ['application/json;as=Table;g=meta.k8s.io;v=v1beta1', { ...json, view: 'Table', viewVersion: 'v1beta1' }],
    [`${protobuf};${asPartial}`, { ...json, media: protobuf, view: 'PartialObjectMetadata' }],
    [`application/json;as=Table;g=meta.k8s.io;v=v2, application/json`, json],
    [`application/json;as=Table;g=example.com;v=v1, application/json`, json],
    [`application/json;as=constructor;g=meta.k8s.io;v=v1, application/json`, json],
    [`${protobuf};${asTable}, application/json;${asTable}`, { ...json, view: 'Table' }],
  ])('agrees with %s', (accept, expected) => {
    expect(negotiate(accept)).toEqual(expected);
  });

  const accepted = `406 only the following media types are accepted: application/json, application/yaml, ${protobuf}`;

  it.each([`${protobuf};${asTable}`, 'application/json;as=Table', 'image/png, application/json;as=Table'])('refuses %s', (accept) => {
    expect(refusal(accept)).toBe(accepted);
  });

  const notAcceptable = `406 406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, ${protobuf}`;

  it.each(['image/png', 'text/*', ','])('has nothing in %s', (accept) => {
    expect(refusal(accept)).toBe(notAcceptable);
    expect(refusal(accept, groupsNegotiator)).toBe(accepted);
  });

  it.each(['application/*', '*'])('has something in %s only where no path is told by its media types', (accept) => {
    expect(refusal(accept)).toBe(notAcceptable);
    expect(negotiate(accept, groupsNegotiator)).toMatchObject({ media: 'application/json' });
  });

  it('offers no views of what is no object', () => {
    expect(refusal(`application/json;${asTable}`, plainNegotiator)).toBe(accepted);
  });

  it('offers no YAML to watches', () => {
    expect(refusal('application/yaml', watchNegotiator)).toBe(
      `406 only the following media types are accepted: application/json;stream=watch, ${protobuf};stream=watch`,
    );
    expect(negotiate('application/yaml, */*', watchNegotiator)).toEqual(json);
  });

  it.each([
    ['objects', negotiatorOf({ custom: true }), `application/json, application/yaml, ${protobuf}`],
    ['watches', watchNegotiatorOf({ custom: true }), `application/json;stream=watch, ${protobuf};stream=watch`],
  ])('has %s of custom kinds in JSON when protobuf is asked for first, and only their metadata in protobuf', (_what, by, all) => {
    expect(negotiate(`${protobuf}, application/json`, by)).toEqual(json);
    expect(negotiate(`${protobuf};${asPartial}, ${protobuf}, application/json`, by)).toEqual({
      ...json,
      media: protobuf,
      view: 'PartialObjectMetadata',
    });
    expect(refusal(protobuf, by)).toBe(`406 only the following media types are accepted: ${all}`);
  });

  it.each([
    ['curl/8.0', '', true],
    ['Wget/1.0', '', true],
    ['Mozilla/5.0 (X11)', '', true],
    ['kubectl/v1.34', '', false],
    ['curl/8.0', 'pretty=0', false],
    ['curl/8.0', 'pretty=false', false],
    ['kubectl/v1.34', 'pretty=1', true],
    ['kubectl/v1.34', 'pretty', true],
  ])('indents for %s with %j: %s', (agent, query, pretty) => {
    expect(negotiate(undefined, objectNegotiator, query, agent).pretty).toBe(pretty);
    expect(negotiate(protobuf, objectNegotiator, query, agent).pretty).toBe(false);
  });

  it('agrees again on what it has agreed before, and on more than it remembers', () => {
    const first = negotiate(protobuf);
    expect(negotiate(protobuf)).toBe(first);
    for (let at = 0; at < 2000; at++) negotiate(`application/json;n=${at}`);
    expect(negotiate(protobuf)).toEqual(first);
    expect(negotiate(`application/json;n=${'x'.repeat(10_000)}`)).toEqual(json);
  });
});
