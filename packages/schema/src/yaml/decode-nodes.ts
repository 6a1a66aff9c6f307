import { goSyntax, isList, type YamlData } from './go-syntax.js';
import type { AliasNode, ListNode, MapNode, Node, ScalarNode } from './node.js';
import { resolveScalar } from './resolve-scalar.js';
import { YamlError } from './yaml-error.js';

const mergeTag = 'tag:yaml.org,2002:merge';

export interface DecodedDocument {
  readonly data: YamlData;
  /** Keys that a map sets again: `line 7: key "a" already set in map`. */
  readonly duplicates: readonly string[];
}

/** What the nodes of a document mean. Throws `YamlError`. */
export function decodeNodes(root: Node, maxDepth: number): DecodedDocument {
  const decoder = new Decoder(maxDepth);
  return { data: decoder.value(root, 0), duplicates: decoder.duplicates };
}

type OpenMap = Map<string, readonly [key: YamlData, value: YamlData]>;

class Decoder {
  readonly duplicates: string[] = [];
  readonly #maxDepth: number;
  /** What the aliases mean that are being followed. */
  readonly #open = new Set<AliasNode>();
  /** A document counts, too. */
  #decoded = 1;
  #aliased = 0;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  value(node: Node, depth: number): YamlData {
    this.#count(depth);
    switch (node.kind) {
      case 'scalar':
        return resolveScalar(node);
      case 'alias':
        return this.#followed(node, (target) => this.value(target, depth + 1));
      case 'list':
        return this.#list(node, depth);
      case 'map':
        return this.#map(node, depth, new Map());
    }
  }

  #count(depth: number): void {
    this.#decoded++;
    if (this.#open.size > 0) this.#aliased++;
    const excessive = this.#aliased > 100 && this.#decoded > 1000 && this.#aliased / this.#decoded > allowedRatio(this.#decoded);
    if (excessive) throw new YamlError('document contains excessive aliasing');
    // Aliases nest, too.
    if (depth > this.#maxDepth) throw new YamlError('exceeded max depth of 10000');
  }

  #followed<T>(alias: AliasNode, decode: (target: Node) => T): T {
    if (this.#open.has(alias)) throw new YamlError(`anchor '${alias.name}' value contains itself`);
    this.#open.add(alias);
    const value = decode(alias.target);
    this.#open.delete(alias);
    return value;
  }

  #list({ items }: ListNode, depth: number): YamlData {
    return items.map((item) => this.value(item, depth + 1));
  }

  #map({ entries }: MapNode, depth: number, map: OpenMap): OpenMap {
    for (const [keyNode, valueNode] of entries) {
      if (isMerge(keyNode)) {
        this.#merge(valueNode, depth, map);
        continue;
      }
      const key = this.value(keyNode, depth + 1);
      if (key instanceof Map || isList(key)) throw new YamlError(`invalid map key: ${goSyntax(key)}`);
      const value = this.value(valueNode, depth + 1);
      const identity = `${typeof key}:${String(key)}`;
      if (map.has(identity)) this.duplicates.push(`line ${valueNode.line + 1}: key ${goSyntax(key)} already set in map`);
      map.set(identity, [key, value]);
    }
    return map;
  }

  #merge(source: Node, depth: number, into: OpenMap): void {
    // Of several, the first has the last word.
    const sources = source.kind === 'list' ? source.items.toReversed() : [source];
    for (const one of sources) {
      const target = one.kind === 'alias' ? one.target : one;
      if (target.kind !== 'map') throw new YamlError('map merge requires map or sequence of maps as the value');
      this.#count(depth);
      if (one.kind === 'alias') {
        this.#followed(one, () => {
          this.#count(depth);
          return this.#map(target, depth + 1, into);
        });
      } else this.#map(target, depth + 1, into);
    }
  }
}

function isMerge(key: Node): key is ScalarNode {
  return key.kind === 'scalar' && key.value === '<<' && (key.implicit || key.tag === mergeTag);
}

const lowCount = 400_000;
const highCount = 4_000_000;

/** How much of a document may come from aliases: a small text must not become a large object. */
function allowedRatio(decoded: number): number {
  if (decoded <= lowCount) return 0.99;
  if (decoded >= highCount) return 0.1;
  return 0.99 - 0.89 * ((decoded - lowCount) / (highCount - lowCount));
}
