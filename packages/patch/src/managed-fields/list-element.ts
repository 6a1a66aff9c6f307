import type { Json } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import type { ListType } from './merge-type.js';
import { keyElement, type PathElement, valueElement } from './path-element.js';

/** A list that should have identifiable items has one that is not. */
export class ListItemError extends Error {
  override readonly name = 'ListItemError';
}

/** The path element of an item of a list that is a set or a map. */
export function listElement(item: Json, type: ListType): PathElement {
  return type.relation === 'set' ? setElement(item) : mapElement(item, type);
}

function setElement(item: Json): PathElement {
  if (item === null) throw new ListItemError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new ListItemError('not supported: associative list with lists as elements');
  if (typeof item === 'object') throw new ListItemError("associative list without keys has an element that's a map type");
  return valueElement(item);
}

function mapElement(item: Json, { keys }: ListType): PathElement {
  if (item === null) throw new ListItemError('associative list with keys may not have a null element');
  if (!isJsonObject(item)) throw new ListItemError('associative list with keys may not have non-map elements');
  const found: [string, Json][] = [];
  for (const key of keys) {
    const given = getOwn(item, key.name);
    // A key that is null is a key: only one that is left out has a default.
    const value = given === undefined ? key.default : given;
    if (value !== undefined) found.push([key.name, value]);
  }
  if (found.length > 0) return keyElement(found);
  const names = keys.map((key) => JSON.stringify(key.name)).join(' ');
  throw new ListItemError(
    `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  );
}
