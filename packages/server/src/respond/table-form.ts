import { badRequest, invalidField, type Json, type KubeObject, type ListMeta, path } from '@keelson/machinery';
import { formatJson } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import { frameKeys } from './frame-output.js';
import { partialPrefix } from './json-prefix.js';
import type { ObjectForm } from './object-form.js';

const COMMA = Buffer.from(',');
const NO_COLUMNS = 'null';
const TABLE_TAIL = Buffer.from(']}\n');

/** What a row carries besides its cells. */
export type IncludedObject = 'None' | 'Metadata' | 'Object';

/** Reads `includeObject`; throws 400. */
export function includedObject(text: string): IncludedObject {
  if (text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  const why = invalidField(path('includeObject'), text, "must be 'Metadata', 'Object', 'None', or empty");
  throw badRequest(`Unable to convert to Table as requested: ${why}`);
}

const definitions = new WeakMap<ResourceVersion, string>();

/** The columns as JSON text, made once. */
function columnDefinitions(version: ResourceVersion): string {
  const known = definitions.get(version);
  if (known !== undefined) return known;
  const declared = version.columns.filter(({ undeclared }) => !undeclared);
  const made = formatJson(declared.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority })));
  definitions.set(version, made);
  return made;
}

function rowObject(version: ResourceVersion, stored: StoredObject, includeObject: IncludedObject, partialHead: Buffer): string {
  if (includeObject === 'None') return 'null';
  const document = includeObject === 'Object' ? version.jsonDocument(stored) : version.partialJsonDocument(stored, partialHead);
  return document.toString('utf8', 0, document.length - 1);
}

/** Cells of one object, in column order. */
function cells(version: ResourceVersion, object: KubeObject, nowMs: number): Json[] {
  const context = { nowMs };
  return version.columns.map((column) => {
    try {
      return column.cell(object, context);
    } catch {
      return null; // one odd object must not keep people from seeing all the others
    }
  });
}

/**
 * The Table view (KEP-2334): for kubectl and other readers that print. `nowMs` is the moment ages count to; the first
 * frame of a watch carries the column definitions, later ones null.
 */
export function tableForm(version: ResourceVersion, viewVersion: string, includeObject: IncludedObject, nowMs: number): ObjectForm {
  const head = (meta: ListMeta, columns: string) =>
    `{"kind":"Table","apiVersion":"meta.k8s.io/${viewVersion}","metadata":${JSON.stringify(meta)},"columnDefinitions":${columns},"rows":[`;
  const partialHead = partialPrefix(viewVersion);
  const row = (stored: StoredObject, now: number) => {
    const object = version.printedObject(stored);
    const conditions = version.resource.definition.rowConditions?.(object);
    const extra = conditions === undefined || conditions.length === 0 ? '' : `"conditions":${formatJson(conditions)},`;
    return `{"cells":${formatJson(cells(version, object, now))},${extra}"object":${rowObject(version, stored, includeObject, partialHead)}}`;
  };
  const table = (stored: StoredObject, columns: string, now: number) => {
    const meta = stored.revision > 0 ? { resourceVersion: String(stored.revision) } : {};
    return `${head(meta, columns)}${row(stored, now)}]}`;
  };
  const sharedKeys = frameKeys(`${version.apiVersion}/table/${viewVersion}/${includeObject}`);
  let columns = columnDefinitions(version);
  return {
    contentType: 'application/json',
    watchContentType: 'application/json',
    /** The first frame differs from that of others, who are in the middle of their watch. */
    get frameKeys() {
      return columns === NO_COLUMNS ? sharedKeys : undefined;
    },
    itemOpening: '',
    itemBytes: undefined,
    compressed: undefined,
    document: (stored) => Buffer.from(`${table(stored, columns, nowMs)}\n`),
    item: (stored) => Buffer.from(row(stored, nowMs)),
    list: (meta) => ({ head: Buffer.from(head(meta, columns)), separator: COMMA, tail: TABLE_TAIL }),
    frame(type, stored) {
      const object = table(stored, columns, Date.now());
      columns = NO_COLUMNS;
      return Buffer.from(`{"type":"${type}","object":${object}}\n`);
    },
    errorFrame: ({ json }) => Buffer.from(`{"type":"ERROR","object":${json}}\n`),
  };
}
