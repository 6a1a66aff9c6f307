import { formatJson, type Json, type JsonObject, TimeSlice } from '@keelson/machinery';

/** What another server's v2 document says of some paths. */
export interface ForeignV2 {
  readonly paths: JsonObject;
  readonly definitions: JsonObject;
  /** Those that it writes once and refers to. */
  readonly parameters: JsonObject;
}

const SHARED = ['definitions', 'parameters'] as const;
type Shared = (typeof SHARED)[number];

/**
 * Adds to a v2 document, in place, what others say. Its own paths win. Definitions of one name that say something else get a name of their own,
 * as those of two releases of Kubernetes do.
 */
export async function addForeign(document: JsonObject, parts: Iterable<ForeignV2>): Promise<void> {
  const slice = new TimeSlice();
  for (const part of parts) {
    const renamed = renames(document, part);
    for (const kind of SHARED) {
      const into = document[kind] as JsonObject;
      for (const [name, value] of Object.entries(part[kind])) {
        into[renamed.get(reference(kind, name))?.name ?? name] ??= rewritten(value, renamed);
        if (slice.spent()) await slice.next();
      }
    }
    const paths = document.paths as JsonObject;
    for (const [path, item] of Object.entries(part.paths)) {
      paths[path] ??= rewritten(item, renamed);
      if (slice.spent()) await slice.next();
    }
  }
}

interface Renamed {
  readonly name: string;
  readonly reference: string;
}

/** New names by old references. */
function renames(document: JsonObject, part: ForeignV2): ReadonlyMap<string, Renamed> {
  const renamed = new Map<string, Renamed>();
  for (const kind of SHARED) {
    const known = document[kind] as JsonObject;
    for (const [name, value] of Object.entries(part[kind])) {
      const free = freeName(known, name, value);
      if (free !== name) renamed.set(reference(kind, name), { name: free, reference: reference(kind, free) });
    }
  }
  return renamed;
}

function freeName(known: JsonObject, name: string, value: Json): string {
  const text = formatJson(value);
  for (let suffix = 1; ; suffix++) {
    const candidate = suffix === 1 ? name : `${name}_v${suffix}`;
    const there = known[candidate];
    if (there === undefined || formatJson(there) === text) return candidate;
  }
}

function reference(kind: Shared, name: string): string {
  return `#/${kind}/${name}`;
}

function rewritten(value: Json, renamed: ReadonlyMap<string, Renamed>): Json {
  if (renamed.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => rewritten(item, renamed));
  const entries = Object.entries(value).map(([key, member]): [string, Json] => {
    if (key === '$ref' && typeof member === 'string') return [key, renamed.get(member)?.reference ?? member];
    return [key, rewritten(member, renamed)];
  });
  return Object.fromEntries(entries);
}
