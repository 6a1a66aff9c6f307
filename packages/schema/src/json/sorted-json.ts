import type { Json, JsonObject } from '@keelson/machinery';

/** A copy whose objects have their members in ascending order of name: the order in which Kubernetes prints what it has no type for. */
export function sortedJson<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedJson) as unknown as T;
  if (typeof value !== 'object' || value === null) return value;
  const sorted: JsonObject = {};
  for (const name of Object.keys(value).sort()) setMember(sorted, name, sortedJson((value as JsonObject)[name] as Json));
  return sorted as T;
}

/** Sets an own member, whatever its name. */
function setMember(object: JsonObject, name: string, value: Json): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
