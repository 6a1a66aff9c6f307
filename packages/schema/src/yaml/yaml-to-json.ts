import { isUtf8 } from 'node:buffer';
import { Decimal, formatGoFloat32, type Json } from '@keelson/machinery';
import { setMember } from '../codec/set-member.js';
import { countKeys } from '../json/duplicate-keys.js';
import { type ExactNumbers, parseExactJson } from '../json/parse-exact-json.js';
import { maxDepth, scanJson } from '../json/scan-json.js';
import { DecodeError } from '../kind.js';
import { hasControlCharacter } from './characters.js';
import { decodeNodes } from './decode-nodes.js';
import { goFloat, goSyntax, goTypeName, isList, type YamlData, type YamlMap } from './go-syntax.js';
import { readsAlike } from './json-as-yaml.js';
import { parseDocument } from './parser.js';
import { utf8Problem } from './utf8-problem.js';
import { YamlError } from './yaml-error.js';

/** What YAML text holds, as JSON. */
export interface YamlValue {
  readonly value: Json;
  /** Whether the value may hold numbers as `Decimal`. */
  readonly decimals: boolean;
  /** Keys that a map sets again: `line 7: key "a" already set in map`. */
  readonly duplicates: readonly string[];
}

/** Reads the first document of YAML 1.1 text the way Kubernetes does. Throws `DecodeError`. */
export function yamlToJson(text: string | Buffer, numbers: ExactNumbers = { decimals: false }): YamlValue {
  const json = jsonValue(text, numbers);
  if (json !== undefined) return { ...json, duplicates: [] };
  try {
    return readYaml(decodedText(text), numbers);
  } catch (error) {
    throw error instanceof YamlError ? new DecodeError(error.message, { cause: error }) : error;
  }
}

/** The same for those who read it through a reader of JSON, which tells where it failed. */
export function unmarshalYaml(text: string | Buffer): YamlValue {
  try {
    return yamlToJson(text);
  } catch (error) {
    throw error instanceof DecodeError ? new DecodeError(`error converting YAML to JSON: ${error.message}`, { cause: error }) : error;
  }
}

/** The text of a strict error about keys that are set again. */
export function duplicateKeyError(duplicates: readonly string[]): string {
  return `yaml: unmarshal errors:\n${duplicates.map((text) => `  ${text}`).join('\n')}`;
}

function readYaml(text: string, numbers: ExactNumbers): YamlValue {
  if (hasControlCharacter(text)) throw new YamlError('control characters are not allowed');
  const root = parseDocument(text, maxDepth);
  if (root === undefined) return { value: null, decimals: false, duplicates: [] };
  const { data, duplicates } = decodeNodes(root, maxDepth);
  return { value: toJson(data, numbers), decimals: numbers.decimals, duplicates };
}

/** What is no UTF-16 by its first character is UTF-8. */
function decodedText(text: string | Buffer): string {
  if (typeof text === 'string') return text;
  if (text[0] === 0xff && text[1] === 0xfe) return text.toString('utf16le', 2);
  if (text[0] === 0xfe && text[1] === 0xff)
    return Buffer.from(text.subarray(2, text.length & ~1))
      .swap16()
      .toString('utf16le');
  if (!isUtf8(text)) throw new YamlError(utf8Problem(text));
  return text.toString('utf8', text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0);
}

/**
 * Most of what comes as YAML is JSON, and a parser of JSON reads it a hundred times faster. Undefined for text that is
 * none, and for what the reader of YAML reads in another way or reports on: keys set twice, numbers that are not whole.
 */
function jsonValue(source: string | Buffer, numbers: ExactNumbers): Omit<YamlValue, 'duplicates'> | undefined {
  if (!beginsObject(source) || (typeof source !== 'string' && !isUtf8(source))) return undefined;
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const scan = scanJson(bytes);
  const { keys, depth, longNumbers, fractions } = scan;
  if (depth > maxDepth || fractions) return undefined;
  const text = bytes.toString();
  try {
    const value = longNumbers ? parseExactJson(text, numbers) : (JSON.parse(text) as Json);
    if (countKeys(value) !== keys || !readsAlike(text, bytes, scan)) return undefined;
    return { value, decimals: longNumbers && numbers.decimals };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function beginsObject(source: string | Buffer): boolean {
  return /^\s*\{/.test(typeof source === 'string' ? source : source.toString('latin1', 0, 64));
}

function toJson(data: YamlData, numbers: ExactNumbers): Json {
  if (typeof data === 'bigint') return integer(data, numbers);
  if (typeof data === 'number') return float(data, numbers);
  if (typeof data !== 'object' || data === null) return data;
  if (isList(data)) return data.map((item) => toJson(item, numbers));
  return mapToJson(data, numbers);
}

function mapToJson(map: YamlMap, numbers: ExactNumbers): Json {
  const members = [...map.values()].map(([key, value]): [string, YamlData] => [keyText(key, value), value]);
  const object: { [key: string]: Json } = {};
  for (const [key, value] of members.sort(([a], [b]) => (a < b ? -1 : 1))) setMember(object, key, toJson(value, numbers));
  return object;
}

const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/** Integers are exact; what int64 cannot hold is a floating-point number. */
function integer(value: bigint, { decimals }: ExactNumbers): Json {
  const small = Number(value);
  if (Number.isSafeInteger(small)) return small;
  if (value >= minInt64 && value <= maxInt64) return value as unknown as Json;
  return decimals ? (new Decimal(String(value)) as unknown as Json) : small;
}

/** Without a fraction it is an integer, since what it becomes is written as one. */
function float(value: number, numbers: ExactNumbers): Json {
  if (!Number.isFinite(value)) throw new DecodeError(`json: unsupported value: ${goFloat(value)}`);
  const text = String(value);
  if (/^-?\d+$/.test(text)) return integer(BigInt(text), numbers);
  return numbers.decimals ? (new Decimal(text) as unknown as Json) : value;
}

/** The name of a member. Throws for what cannot be one. */
function keyText(key: YamlData, value: YamlData): string {
  if (typeof key === 'string' || typeof key === 'boolean') return String(key);
  if (typeof key === 'number') return floatKeyText(key);
  if (typeof key === 'bigint' && key <= maxInt64) return String(key);
  throw new DecodeError(`unsupported map key of type: ${goTypeName(key)}, key: ${goSyntax(key)}, value: ${goSyntax(value)}`);
}

function floatKeyText(key: number): string {
  if (Number.isNaN(key)) return '.nan';
  const single = Math.fround(key);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  return formatGoFloat32(key);
}
