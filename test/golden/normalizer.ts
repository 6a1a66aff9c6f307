import { isIP } from 'node:net';
import { canonicalText, isObject, type JsonObject, type JsonValue, mapObject, member } from './json-value.js';
import { normalizeTree } from './normalize-protobuf.js';
import { isTable, normalizeTable } from './normalize-table.js';
import { normalizeText, sortErrorList } from './normalize-text.js';
import { Numbering } from './numbering.js';
import { applyView, pickPart } from './views.js';

export interface BodyView {
  readonly pick?: string | undefined;
  readonly norm?: readonly string[] | undefined;
}

const nodePortKeys: ReadonlySet<string> = new Set(['nodePort', 'healthCheckNodePort']);
const lowestNodePort = 30_000;
const highestNodePort = 32_767;

/** Makes the answers of one play of a case comparable with those of another: what is made up becomes a placeholder. */
export class Normalizer {
  readonly #resourceVersions = new Numbering('rv');
  readonly #uids = new Numbering('uid');
  readonly #ips = new Numbering('ip');
  readonly #nodePorts = new Numbering('nodePort');
  /** What the case has sent so far: values named in it are not made up by the server. */
  #sent = '';

  noteRequest(text: string): void {
    this.#sent += `${text}\n`;
  }

  body(body: JsonValue, { pick, norm = [] }: BodyView): JsonValue {
    const picked = pick === undefined ? body : pickPart(body, pick);
    if (norm.includes('raw')) return picked;
    return this.#value(norm.reduce(applyView, picked), pick?.split('|').at(-1), new Set(norm));
  }

  event(event: JsonValue, norm: readonly string[] = []): JsonValue {
    if (!isObject(event) || event.type !== 'BOOKMARK') return this.body(event, { norm });
    // Which revision a bookmark tells is up to the server.
    return this.body(event, { norm: [...norm, 'norv'] });
  }

  text(text: string): string {
    return normalizeText(text, (uid) => this.#uids.placeholder(uid));
  }

  #value(value: JsonValue, key: string | undefined, norm: ReadonlySet<string>): JsonValue {
    if (typeof value === 'string') return this.#text(value, key);
    if (typeof value === 'number') return this.#number(value, key);
    if (Array.isArray(value)) return this.#list(value, key, norm);
    return isObject(value) ? this.#object(value, norm) : value;
  }

  #text(value: string, key: string | undefined): string {
    if (key === 'continue' && value !== '') return '<continue>';
    if (key === 'serverAddress') return '<address>';
    if (key === 'jwks_uri') return value.replace(/^https:\/\/[^/]+/, 'https://<server>');
    if (key === 'clusterIP' || key === 'clusterIPs') return this.#ip(value);
    const text = this.text(value);
    return key === 'message' ? sortErrorList(text) : text;
  }

  #ip(value: string): string {
    return isIP(value) === 0 || this.#sent.includes(`"${value}"`) ? value : this.#ips.placeholder(value);
  }

  #number(value: number, key: string | undefined): JsonValue {
    const allocated = key !== undefined && nodePortKeys.has(key) && value >= lowestNodePort && value <= highestNodePort;
    return allocated && !this.#sent.includes(String(value)) ? this.#nodePorts.placeholder(String(value)) : value;
  }

  #list(list: readonly JsonValue[], key: string | undefined, norm: ReadonlySet<string>): JsonValue {
    const items = list.map((item) => this.#value(item, key, norm));
    if (key === 'managedFields') return items.sort(byKey(managedFieldsOrder));
    return key === 'causes' ? items.sort(byKey(canonicalText)) : items;
  }

  #object(object: JsonObject, norm: ReadonlySet<string>): JsonValue {
    if (object.magic === true && Object.hasOwn(object, 'raw')) {
      return { ...object, raw: normalizeTree(object.raw ?? null, (text) => this.text(text)) };
    }
    const plain = isTable(object) ? normalizeTable(object, norm.has('columns'), (ip) => this.#ip(ip)) : object;
    const inOrder = Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1));
    const members = inOrder.map(([key, value]) => {
      const made = key === 'metadata' && isObject(value) ? this.#metadata(value, isList(object), norm) : value;
      return [key, this.#value(made, key, norm)] as const;
    });
    return Object.fromEntries(members);
  }

  /** Metadata with placeholders for the resource version and a generated name. */
  #metadata(metadata: JsonObject, ofList: boolean, norm: ReadonlySet<string>): JsonObject {
    return mapObject(metadata, (value, key) => {
      if (key === 'resourceVersion' && typeof value === 'string' && value !== '') return this.#resourceVersion(value, ofList, norm);
      return key === 'name' ? generatedName(value, metadata.generateName) : value;
    });
  }

  #resourceVersion(value: string, ofList: boolean, norm: ReadonlySet<string>): string {
    if (ofList) return '<listrv>';
    return norm.has('norv') ? '<rv>' : this.#resourceVersions.placeholder(value);
  }
}

function isList(object: JsonObject): boolean {
  return object.kind === 'Table' || (typeof object.kind === 'string' && object.kind.endsWith('List'));
}

function generatedName(name: JsonValue, prefix: JsonValue | undefined): JsonValue {
  if (typeof name !== 'string' || typeof prefix !== 'string' || prefix === '') return name;
  return name.startsWith(prefix) && /^[a-z0-9]{5}$/.test(name.slice(prefix.length)) ? `${prefix}<gen>` : name;
}

function managedFieldsOrder(entry: JsonValue): string {
  // As JSON: an entry without a subresource comes after one with it.
  return JSON.stringify(['operation', 'manager', 'apiVersion', 'subresource'].map((key) => member(entry, key) ?? null));
}

function byKey(key: (value: JsonValue) => string): (a: JsonValue, b: JsonValue) => number {
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };
}
