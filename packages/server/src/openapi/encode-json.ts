import { formatJson, formatJsonString, type Json, type JsonObject, TimeSlice } from '@keelson/machinery';

/** Levels of a document whose members are written one by one: `components`, `schemas`, one schema. */
const STEPPED_LEVELS = 2;

/** A large document as JSON, without holding the loop for long. */
export async function encodeJson(document: JsonObject): Promise<Buffer> {
  const slice = new TimeSlice();
  const texts: string[] = [];
  for (const text of textsOf(document, STEPPED_LEVELS)) {
    texts.push(text);
    if (slice.spent()) await slice.next();
  }
  return Buffer.from(texts.join(''));
}

function* textsOf(value: Json, levels: number): Generator<string> {
  if (levels < 0 || !isObject(value)) {
    yield formatJson(value);
    return;
  }
  let separator = '{';
  for (const [name, member] of Object.entries(value)) {
    yield `${separator}${formatJsonString(name)}:`;
    yield* textsOf(member, levels - 1);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
