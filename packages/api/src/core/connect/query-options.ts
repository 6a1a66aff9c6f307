import { badRequest, type JsonObject, normalizeTime } from '@keelson/machinery';
import type { Query } from '@keelson/server';

/** How the parameters of a query become the fields of an options kind. */
export interface OptionFields {
  readonly flags?: readonly string[];
  readonly texts?: readonly string[];
  readonly lists?: readonly string[];
  readonly integers?: readonly string[];
  readonly times?: readonly string[];
}

/** Fields that the query does not have are absent, as are flags that are false. Throws 400. */
export function queryOptions(query: Query, { flags = [], texts = [], lists = [], integers = [], times = [] }: OptionFields): JsonObject {
  const options: Record<string, JsonObject[string]> = {};
  for (const name of flags) if (query.flag(name)) options[name] = true;
  for (const name of texts) if (query.get(name) !== '') options[name] = query.get(name);
  for (const name of lists) if (query.has(name)) options[name] = [...query.getAll(name)];
  for (const name of integers) if (query.has(name)) options[name] = readInteger(query.get(name));
  for (const name of times) if (query.get(name) !== '') options[name] = readTime(query.get(name));
  return options;
}

function readTime(text: string): string {
  try {
    return normalizeTime(text);
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

/** Ports that are given one by one or separated by commas. Throws 400. */
export function readPorts(values: readonly string[]): number[] {
  return values.flatMap((value) => value.split(',')).map(readPort);
}

function readPort(text: string): number {
  const why = /^\d+$/.test(text) ? Number(text) < 65_536 || 'value out of range' : 'invalid syntax';
  if (why !== true) throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
  return Number(text);
}

function readInteger(text: string): number {
  const quoted = JSON.stringify(text);
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quoted}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw badRequest(`strconv.ParseInt: parsing ${quoted}: value out of range`);
  return value;
}
