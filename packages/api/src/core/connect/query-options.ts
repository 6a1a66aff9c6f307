import { badRequest, type JsonObject } from '@keelson/machinery';
import type { Query } from '@keelson/server';

/** How the parameters of a query become the fields of an options kind. */
export interface OptionFields {
  readonly flags?: readonly string[];
  readonly texts?: readonly string[];
  readonly lists?: readonly string[];
  readonly integers?: readonly string[];
}

/** Fields that the query does not have are absent, as are flags that are false. Throws 400. */
export function queryOptions(query: Query, { flags = [], texts = [], lists = [], integers = [] }: OptionFields): JsonObject {
  const options: Record<string, JsonObject[string]> = {};
  for (const name of flags) if (query.flag(name)) options[name] = true;
  for (const name of texts) if (query.get(name) !== '') options[name] = query.get(name);
  for (const name of lists) if (query.has(name)) options[name] = [...query.getAll(name)];
  for (const name of integers) if (query.has(name)) options[name] = readInteger(query.get(name));
  return options;
}

function readInteger(text: string): number {
  const quoted = JSON.stringify(text);
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quoted}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw badRequest(`strconv.ParseInt: parsing ${quoted}: value out of range`);
  return value;
}
