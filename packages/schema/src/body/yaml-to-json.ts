import { Buffer } from 'node:buffer';
import type { Json } from '@keelson/machinery';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { setMember } from '../codec/set-member.js';
import { countKeys } from '../json/duplicate-keys.js';
import { parseExactJson } from '../json/parse-exact-json.js';
import { maxDepth, scanJson } from '../json/scan-json.js';
import { DecodeError } from '../kind.js';
import { isTooDeep, maxYamlDepth } from './yaml-depth.js';

/** So many nodes of one document may come from aliases: a small text must not become a large object. */
const maxAliasedNodes = 400_000;

/** What YAML text holds, as JSON. */
export interface YamlValue {
  readonly value: Json;
  /** Keys that a map sets again: `line 7: key "a" already set in map`. */
  readonly duplicates: readonly string[];
}

/** Reads the first document of YAML 1.1 text the way Kubernetes does. Throws `DecodeError`. */
export function yamlToJson(text: string): YamlValue {
  const json = jsonValue(text);
  if (json !== undefined) return { value: json, duplicates: [] };
  if (isTooDeep(text)) throw conversionError('yaml: exceeded max depth');
  // Times stay text, also those that count minutes (1:30), and JSON has no binary, sets or ordered maps. Merge keys are
  // followed below.
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !(unwantedTags.has(tag.tag) || tag.format === 'TIME')),
    uniqueKeys: false,
    merge: false,
    strict: false,
    intAsBigInt: true,
    prettyErrors: true,
    logLevel: 'silent',
  }) as Document.Parsed[];
  const [error] = document?.errors ?? [];
  if (error) throw conversionError(`yaml: line ${error.linePos?.[0].line ?? 1}: ${firstLine(error.message)}`);
  if (!document?.contents) return { value: null, duplicates: [] };
  return new Converter(document, text).convert();
}

/**
 * Most of what comes as YAML is JSON, and a parser of JSON reads it a hundred times faster. Undefined for text that is
 * none, and for keys set twice, on which the reader of YAML reports.
 */
function jsonValue(text: string): Json | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const { keys, depth, longNumbers } = scanJson(Buffer.from(text));
  if (depth > maxDepth) throw conversionError('yaml: exceeded max depth');
  try {
    const value = longNumbers ? parseExactJson(text) : (JSON.parse(text) as Json);
    return countKeys(value) === keys ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const unwantedTags = new Set([
  'tag:yaml.org,2002:merge',
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:set',
]);

function conversionError(why: string): DecodeError {
  return new DecodeError(`error converting YAML to JSON: ${why}`);
}

/** The text of a strict error about keys that are set again. */
export function duplicateKeyError(duplicates: readonly string[]): string {
  return `error converting YAML to JSON: yaml: unmarshal errors:\n${duplicates.map((text) => `  ${text}`).join('\n')}`;
}

function firstLine(message: string): string {
  return message.split(' at line ')[0]?.split('\n')[0] ?? message;
}

/** Turns the nodes of one document into JSON values. */
class Converter {
  readonly #document: Document.Parsed;
  readonly #text: string;
  readonly #duplicates: string[] = [];
  /** The last node of each anchor so far. (The library looks for it from the start of the document, for every alias.) */
  readonly #anchors = new Map<string, Node>();
  /** What the aliases mean that are being followed. */
  readonly #open = new Set<Node>();
  #aliasedNodes = 0;
  #lineStarts: number[] | undefined;

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    this.#text = text;
  }

  convert(): YamlValue {
    const value = this.#value(this.#document.contents, 0);
    return { value, duplicates: this.#duplicates };
  }

  #value(node: Node | null | undefined, depth: number): Json {
    if (this.#open.size > 0 && ++this.#aliasedNodes > maxAliasedNodes) throw conversionError('yaml: document contains excessive aliasing');
    // Aliases nest, too.
    if (depth > maxYamlDepth) throw conversionError('yaml: exceeded max depth');
    if (isAlias(node)) return this.#aliased(node.source, depth);
    this.#anchor(node);
    if (isMap(node)) return this.#map(node.items as MapItem[], depth);
    if (isSeq(node)) return node.items.map((item) => this.#value(item as ParsedNode, depth + 1));
    return isScalar(node) ? scalarValue(node) : null;
  }

  /** An anchor inside of what an alias repeats has been met before, and may have been set again since. */
  #anchor(node: Node | null | undefined): void {
    if (this.#open.size === 0 && (isScalar(node) || isCollection(node)) && node.anchor) this.#anchors.set(node.anchor, node);
  }

  #aliased(anchor: string, depth: number): Json {
    const node = this.#anchors.get(anchor);
    if (node === undefined) throw conversionError(`yaml: unknown anchor '${anchor}' referenced`);
    if (this.#open.has(node)) throw conversionError(`yaml: anchor '${anchor}' value contains itself`);
    this.#open.add(node);
    const value = this.#value(node, depth + 1);
    this.#open.delete(node);
    return value;
  }

  #map(items: readonly MapItem[], depth: number): Json {
    const map: Record<string, Json> = {};
    const merged: Json[] = [];
    const names = new Set<string>();
    for (const { key, value } of items) {
      if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') {
        merged.push(...[this.#value(value, depth + 1)].flat());
        continue;
      }
      const name = this.#key(key);
      if (names.has(name) && this.#open.size === 0)
        this.#duplicates.push(`line ${this.#lineOf(key)}: key ${JSON.stringify(name)} already set in map`);
      names.add(name);
      setMember(map, name, this.#value(value, depth + 1));
    }
    for (const source of merged) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw conversionError('yaml: map merge requires map or sequence of maps as the value');
      }
      for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(map, name)) setMember(map, name, value);
    }
    return map;
  }

  #key(key: Node | null): string {
    this.#anchor(key);
    const value = isAlias(key) ? this.#value(key, 0) : isScalar(key) ? scalarValue(key) : undefined;
    if (typeof value === 'object' || value === undefined) throw conversionError('unsupported map key of type: slice or map');
    return String(value);
  }

  #lineOf(node: Node | null): number {
    const offset = node?.range?.[0] ?? 0;
    this.#lineStarts ??= lineStarts(this.#text);
    let [low, high] = [0, this.#lineStarts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

interface MapItem {
  readonly key: Node | null;
  readonly value: Node | null;
}

const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/** Integers are exact; what int64 cannot hold is a floating-point number. */
function scalarValue({ value, source = '' }: Scalar): Json {
  // The library takes points without digits for numbers; `.` is a key of every map in managedFields.
  if (Number.isNaN(value) && !/^\.nan$/i.test(source)) return source;
  if (typeof value === 'bigint') {
    const small = Number(value);
    if (Number.isSafeInteger(small)) return small;
    return value >= minInt64 && value <= maxInt64 ? (value as unknown as Json) : small;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw conversionError(`json: unsupported value: ${floatText(value)}`);
  return (value ?? null) as Json;
}

function floatText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
