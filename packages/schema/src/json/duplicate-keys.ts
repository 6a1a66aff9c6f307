import type { Json } from '@keelson/machinery';

/** How many keys the objects in a value have. When JSON text has more, one of them has the same key twice. */
export function countKeys(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') keys += countKeys(item);
    return keys;
  }
  for (const key in value) {
    const member = value[key] as Json;
    keys += typeof member === 'object' ? 1 + countKeys(member) : 1;
  }
  return keys;
}

/** A key of an object in JSON text. */
export interface KeyOccurrence {
  /** `spec.containers[0].name` */
  readonly path: string;
  readonly duplicate: boolean;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gy;
const space = /\s*/y;

/** All keys of valid JSON text in the order they are written. Slow; for texts that have something to report. */
export function* keyOccurrences(text: string): Generator<KeyOccurrence> {
  interface Level {
    readonly path: string;
    readonly seen?: Set<string>;
    index: number;
    key: string;
  }
  const levels: Level[] = [];
  let expectKey = false;
  for (let at = 0; ; ) {
    space.lastIndex = at;
    space.test(text);
    token.lastIndex = space.lastIndex;
    const found = token.exec(text)?.[0];
    if (found === undefined) return;
    at = token.lastIndex;
    const level = levels.at(-1);
    if (found === '{' || found === '[') {
      levels.push({ path: level ? memberPath(level) : '', ...(found === '{' && { seen: new Set<string>() }), index: 0, key: '' });
      expectKey = found === '{';
    } else if (found === '}' || found === ']') {
      levels.pop();
      expectKey = false;
    } else if (found === ',') {
      if (level) level.index++;
      expectKey = level?.seen !== undefined;
    } else if (expectKey && level?.seen) {
      level.key = JSON.parse(found) as string;
      yield { path: memberPath(level), duplicate: level.seen.has(level.key) };
      level.seen.add(level.key);
      expectKey = false;
    }
  }
}

function memberPath(level: { readonly path: string; readonly seen?: Set<string>; readonly index: number; readonly key: string }): string {
  if (!level.seen) return `${level.path}[${level.index}]`;
  return level.path === '' ? level.key : `${level.path}.${level.key}`;
}
