import { Decimal, type Json, type JsonObject } from '@keelson/machinery';

/**
 * Keys that come from users are data: reading must not find members of `Object.prototype`, and writing `__proto__`
 * must not change one. These are the only two ways this package touches a key it did not choose itself.
 */
export function getOwn(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}
