import type { MapNode, Node, ScalarNode } from './node.js';
import { Scanner } from './scanner.js';
import type { Token, TokenType } from './token.js';
import { YamlError } from './yaml-error.js';

const defaultTags: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

interface Properties {
  readonly line: number;
  readonly anchor: string | undefined;
  readonly tag: string;
}

/** Where a node stands, which tells what may follow. */
type Context = 'block' | 'block-or-indentless' | 'flow';

/** The first document of YAML text; undefined where there is none. Throws `YamlError`. */
export function parseDocument(text: string, maxDepth: number): Node | undefined {
  return new Parser(text, maxDepth).document();
}

class Parser {
  readonly #scanner: Scanner;
  readonly #tags = new Map<string, string>();
  readonly #anchors = new Map<string, Node>();

  constructor(text: string, maxDepth: number) {
    this.#scanner = new Scanner(text, maxDepth);
  }

  document(): Node | undefined {
    if (this.#is('stream-end')) return undefined;
    const explicit = this.#is('version-directive', 'tag-directive', 'document-start');
    this.#directives();
    if (explicit && !this.#is('document-start')) throw parserError('did not find expected <document start>', this.#peek());
    const root = explicit ? this.#explicitContent() : this.#node('block');
    // What comes after is looked at as far as the next token.
    this.#peek();
    return root;
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #is(...types: readonly TokenType[]): boolean {
    return types.includes(this.#peek().type);
  }

  #takeIf(type: TokenType): boolean {
    if (!this.#is(type)) return false;
    this.#scanner.take();
    return true;
  }

  #explicitContent(): Node {
    this.#scanner.take();
    const empty = this.#is('version-directive', 'tag-directive', 'document-start', 'document-end', 'stream-end');
    return empty ? this.#empty() : this.#node('block');
  }

  #directives(): void {
    let hasVersion = false;
    while (this.#is('version-directive', 'tag-directive')) {
      const token = this.#peek();
      if (token.type === 'version-directive') {
        if (hasVersion) throw parserError('found duplicate %YAML directive', token);
        if (token.value !== '1.1') throw parserError('found incompatible YAML document', token);
        hasVersion = true;
      } else {
        if (this.#tags.has(token.value ?? '')) throw parserError('found duplicate %TAG directive', token);
        this.#tags.set(token.value ?? '', token.suffix ?? '');
      }
      this.#scanner.take();
    }
    for (const [handle, prefix] of defaultTags) if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
  }

  #node(context: Context): Node {
    if (this.#is('alias')) return this.#alias();
    const properties = this.#properties();
    const { type } = this.#peek();
    if (type === 'block-entry' && context === 'block-or-indentless') return this.#list(properties, (items) => this.#indentlessItems(items));
    if (type === 'scalar') return this.#scalar(properties);
    if (type === 'flow-sequence-start') return this.#list(properties, (items) => this.#flowItems(items));
    if (type === 'flow-mapping-start') return this.#map(properties, (entries) => this.#flowEntries(entries));
    if (type === 'block-sequence-start' && context !== 'flow') return this.#list(properties, (items) => this.#blockItems(items));
    if (type === 'block-mapping-start' && context !== 'flow') return this.#map(properties, (entries) => this.#blockEntries(entries));
    if (properties.anchor === undefined && properties.tag === '')
      throw parserError('did not find expected node content', this.#peek(), properties.line);
    return this.#named(properties, this.#emptyAt(properties.line, properties.tag));
  }

  #alias(): Node {
    const { value: name = '', line } = this.#peek();
    const target = this.#anchors.get(name);
    if (target === undefined) throw new YamlError(`unknown anchor '${name}' referenced`);
    this.#scanner.take();
    return { kind: 'alias', line, name, target };
  }

  #properties(): Properties {
    const { line } = this.#peek();
    let anchor: string | undefined;
    let tag: Token | undefined;
    if (this.#is('anchor')) anchor = this.#scanner.take().value;
    if (this.#is('tag')) tag = this.#scanner.take();
    if (anchor === undefined && this.#is('anchor')) anchor = this.#scanner.take().value;
    return { line, anchor, tag: tag === undefined ? '' : this.#fullTag(tag, line) };
  }

  #fullTag(token: Token, line: number): string {
    const { value: handle = '', suffix = '' } = token;
    if (handle === '') return suffix;
    const tag = (this.#tags.get(handle) ?? '') + (this.#tags.has(handle) ? suffix : '');
    if (tag === '') throw parserError('found undefined tag handle', token, line);
    return tag;
  }

  #named(properties: Properties, node: Node): Node {
    if (properties.anchor !== undefined) this.#anchors.set(properties.anchor, node);
    return node;
  }

  #scalar(properties: Properties): Node {
    const { value = '', plain = false } = this.#scanner.take();
    const { line, tag } = properties;
    return this.#named(properties, { kind: 'scalar', line, value, tag, implicit: (tag === '' && plain) || tag === '!' });
  }

  #list(properties: Properties, read: (items: Node[]) => void): Node {
    const items: Node[] = [];
    const list = this.#named(properties, { kind: 'list', line: properties.line, items });
    read(items);
    return list;
  }

  #map(properties: Properties, read: (entries: MapNode['entries']) => void): Node {
    const entries: MapNode['entries'] = [];
    const map = this.#named(properties, { kind: 'map', line: properties.line, entries });
    read(entries);
    return map;
  }

  #empty(): ScalarNode {
    return this.#emptyAt(this.#peek().line, '');
  }

  #emptyAt(line: number, tag: string): ScalarNode {
    return { kind: 'scalar', line, value: '', tag, implicit: tag === '' };
  }

  /** A node, or nothing where one of these follows. */
  #nodeUnless(context: Context, ...types: readonly TokenType[]): Node {
    return this.#is(...types) ? this.#empty() : this.#node(context);
  }

  #blockItems(items: Node[]): void {
    const { line } = this.#scanner.take();
    while (this.#takeIf('block-entry')) items.push(this.#nodeUnless('block', 'block-entry', 'block-end'));
    if (!this.#takeIf('block-end')) throw parserError("did not find expected '-' indicator", this.#peek(), line);
  }

  #indentlessItems(items: Node[]): void {
    while (this.#takeIf('block-entry')) items.push(this.#nodeUnless('block', 'block-entry', 'key', 'value', 'block-end'));
  }

  #blockEntries(entries: MapNode['entries']): void {
    const { line } = this.#scanner.take();
    while (this.#takeIf('key')) {
      const key = this.#nodeUnless('block-or-indentless', 'key', 'value', 'block-end');
      const value = this.#takeIf('value') ? this.#nodeUnless('block-or-indentless', 'key', 'value', 'block-end') : this.#empty();
      entries.push([key, value]);
    }
    if (!this.#takeIf('block-end')) throw parserError('did not find expected key', this.#peek(), line);
  }

  #flowItems(items: Node[]): void {
    const { line } = this.#scanner.take();
    while (!this.#is('flow-sequence-end')) {
      if (items.length > 0 && !this.#takeIf('flow-entry')) throw parserError("did not find expected ',' or ']'", this.#peek(), line);
      if (this.#is('key')) items.push(this.#pair());
      else if (!this.#is('flow-sequence-end')) items.push(this.#node('flow'));
    }
    this.#scanner.take();
  }

  /** `[a: b]`: a map of one entry. */
  #pair(): MapNode {
    const { line } = this.#scanner.take();
    let key: Node;
    if (this.#is('value', 'flow-entry', 'flow-sequence-end')) {
      // As the reference does it: what follows is lost.
      key = this.#empty();
      this.#scanner.take();
    } else key = this.#node('flow');
    const value = this.#takeIf('value') ? this.#nodeUnless('flow', 'flow-entry', 'flow-sequence-end') : this.#empty();
    return { kind: 'map', line, entries: [[key, value]] };
  }

  #flowEntries(entries: MapNode['entries']): void {
    const { line } = this.#scanner.take();
    while (!this.#is('flow-mapping-end')) {
      if (entries.length > 0 && !this.#takeIf('flow-entry')) throw parserError("did not find expected ',' or '}'", this.#peek(), line);
      if (this.#takeIf('key')) {
        const key = this.#nodeUnless('flow', 'value', 'flow-entry', 'flow-mapping-end');
        entries.push([key, this.#takeIf('value') ? this.#nodeUnless('flow', 'flow-entry', 'flow-mapping-end') : this.#empty()]);
      } else if (!this.#is('flow-mapping-end')) entries.push([this.#node('flow'), this.#empty()]);
    }
    this.#scanner.take();
  }
}

/** Parsers, unlike scanners, tell of the line before; where that is none, of the one where the collection or node began. */
function parserError(problem: string, { line }: Token, contextLine = 0): YamlError {
  return new YamlError(problem, line === 0 ? contextLine : line);
}
