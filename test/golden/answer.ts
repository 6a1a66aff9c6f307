import type { RawAnswer } from './api-client.js';
import type { StoredValue } from './etcd-gateway.js';
import type { Answer, Step } from './golden-case.js';
import { isObject, type JsonValue, mapObject } from './json-value.js';
import type { Normalizer } from './normalizer.js';
import { decodeEnvelope, isProtobuf } from './protobuf-tree.js';
import type { Variables } from './variables.js';

/** What the answers of a case are read with. */
export interface Reading {
  readonly variables: Variables;
  readonly normalizer: Normalizer;
}

/** Answer headers that were recorded, where they say more than usual. */
const recordedHeaders: ReadonlyMap<string, string> = new Map([
  ['cache-control', 'Cache-Control'],
  ['x-content-type-options', 'X-Content-Type-Options'],
]);
const usualCacheControl = 'no-cache, private';

/** An answer in the form it was recorded in. */
export function normalizedAnswer(raw: RawAnswer, step: Step, reading: Reading): Answer {
  const body = parseBody(raw, reading.variables);
  return { ...answerHead(raw, reading), body: reading.normalizer.body(body, step) };
}

/** The same of a watch: `events` as they came, "EOF" at the end when the server ended it. */
export function normalizedWatch(raw: RawAnswer, events: readonly string[], ended: boolean, step: Step, reading: Reading): Answer {
  const { variables, normalizer } = reading;
  const parsed = events.map((text) => normalizer.event(JSON.parse(variables.restore(text)) as JsonValue, step.norm));
  return { ...answerHead(raw, reading), events: ended ? [...parsed, 'EOF'] : parsed };
}

export function normalizedStored(stored: StoredValue | undefined, step: Step, { variables, normalizer }: Reading): Answer {
  if (stored === undefined) return { code: 404 };
  const body = normalizer.body(parseBytes(stored.value, variables), step);
  return { code: 200, lease: stored.leased, version: stored.version, body };
}

/** The head of an answer; the body is not looked at. */
export function answerHead(raw: RawAnswer, { variables, normalizer }: Reading): Answer {
  const type = mediaType(raw);
  const warn = (raw.headers.get('warning') ?? []).map((text) => normalizer.text(variables.restore(text))).sort();
  const headers = [...recordedHeaders].flatMap(([name, shown]) => {
    const value = raw.headers.get(name)?.join(', ');
    return value === undefined || value === usualCacheControl ? [] : [[shown, value] as const];
  });
  return {
    code: raw.code,
    ...(type !== '' && { type }),
    ...(warn.length > 0 && { warn }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
  };
}

function mediaType(raw: RawAnswer): string {
  const type = raw.headers.get('content-type')?.join(', ') ?? '';
  return type.replace(/\s*;\s*charset=[^;,]*/i, '');
}

/** The JSON value of a body; undefined when it is no JSON. */
export function jsonBody(raw: RawAnswer): JsonValue | undefined {
  try {
    return JSON.parse(raw.body.toString()) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function parseBody(raw: RawAnswer, variables: Variables): JsonValue {
  return mediaType(raw).includes('text/plain') ? shownText(raw.body, variables) : parseBytes(raw.body, variables);
}

function parseBytes(bytes: Buffer, variables: Variables): JsonValue {
  if (isProtobuf(bytes)) return restoreTexts(decodeEnvelope(bytes), variables);
  try {
    return JSON.parse(variables.restore(bytes.toString())) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return shownText(bytes, variables);
    throw error;
  }
}

/** A text of one line as it is, a longer one as its lines. */
function shownText(bytes: Buffer, variables: Variables): JsonValue {
  const lines = variables.restore(bytes.toString()).split('\n');
  return { text: lines.length === 1 ? (lines[0] as string) : lines };
}

function restoreTexts(value: JsonValue, variables: Variables): JsonValue {
  if (typeof value === 'string') return variables.restore(value);
  if (Array.isArray(value)) return value.map((item) => restoreTexts(item, variables));
  return isObject(value) ? mapObject(value, (item) => restoreTexts(item, variables)) : value;
}
