import type { Json, JsonObject } from '@keelson/machinery';
import type { ForeignV2 } from '@keelson/server';

/** What a v2 document says of the paths below a root, and of all that they refer to. */
export function filterV2(document: JsonObject, root: string): ForeignV2 {
  const paths = Object.fromEntries(Object.entries(objectAt(document, 'paths')).filter(([path]) => path.startsWith(`${root}/`)));
  const part = { paths, definitions: {} as JsonObject, parameters: {} as JsonObject };
  const waiting: Json[] = [paths];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    for (const [, kind, name] of references(value)) {
      const into = part[kind];
      const referred = objectAt(document, kind)[name];
      if (referred === undefined || Object.hasOwn(into, name)) continue;
      into[name] = referred;
      waiting.push(referred);
    }
  }
  return part;
}

type Reference = readonly [text: string, kind: 'definitions' | 'parameters', name: string];

function* references(value: Json): Iterable<Reference> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* references(item);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const found = key === '$ref' && typeof member === 'string' ? /^#\/(definitions|parameters)\/(.+)$/.exec(member) : null;
    if (found === null) yield* references(member);
    else yield found as unknown as Reference;
  }
}

function objectAt(document: JsonObject, name: string): JsonObject {
  const value = document[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
