import type { Json, JsonObject } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import type { ListType } from './merge-type.js';
import { keyElement, type PathElement, valueElement } from './path-element.js';

/** A list that should have identifiable items has one that is not. */
export class ListItemError extends Error {
  override readonly name = 'ListItemError';
}

/** The path element of an item of a list that is a set or a map. */
export function listElement(item: Json, type: ListType): PathElement {
  const problem = listItemProblem(item, type);
  if (problem !== undefined) throw new ListItemError(problem);
  return type.relation === 'set' ? valueElement(item) : keyElement(keysOf(item as JsonObject, type));
}

/** Why an item cannot be told apart from others; undefined where it can. */
export function listItemProblem(item: Json, type: ListType): string | undefined {
  return type.relation === 'set' ? setItemProblem(item) : mapItemProblem(item, type);
}

function setItemProblem(item: Json): string | undefined {
  if (item === null) return "associative list without keys has an element that's an explicit null";
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  return typeof item === 'object' ? "associative list without keys has an element that's a map type" : undefined;
}

function mapItemProblem(item: Json, { keys }: ListType): string | undefined {
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isJsonObject(item)) return 'associative list with keys may not have non-map elements';
  if (keys.some((key) => keyValue(item, key) !== undefined)) return undefined;
  const names = keys.map((key) => JSON.stringify(key.name)).join(' ');
  return `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`;
}

function keysOf(item: JsonObject, { keys }: ListType): [string, Json][] {
  const found: [string, Json][] = [];
  for (const key of keys) {
    const value = keyValue(item, key);
    if (value !== undefined) found.push([key.name, value]);
  }
  return found;
}

function keyValue(item: JsonObject, key: ListType['keys'][number]): Json | undefined {
  const given = getOwn(item, key.name);
  // A key that is null is a key: only one that is left out has a default.
  return given === undefined ? key.default : given;
}
