import type { Json, KubeObject, ListMeta } from '@keelson/machinery';
import { formatJson } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { ObjectForm } from './object-form.js';

const COMMA = Buffer.from(',');
const TABLE_TAIL = Buffer.from(']}\n');

function columnDefinitions(version: ResourceVersion): Json {
  const declared = version.columns.filter(({ undeclared }) => !undeclared);
  return declared.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority }));
}

function rowObject(version: ResourceVersion, stored: StoredObject, viewVersion: string, includeObject: string): string {
  if (includeObject === 'None') return 'null';
  if (includeObject === 'Object') return `${version.jsonPrefix}${version.json(stored).toString('utf8', 1)}`;
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${viewVersion}",${version.partialJson(stored).toString('utf8', 1)}`;
}

/** Cells of one object, in column order; what a cell function cannot make of an odd object is null, not an error. */
function cells(version: ResourceVersion, object: KubeObject, nowMs: number): Json[] {
  const context = { nowMs };
  return version.columns.map((column) => column.cell(object, context));
}

/**
 * The Table view (KEP-2334): for kubectl and other readers that print. `nowMs` is the moment ages count to; the first
 * frame of a watch carries the column definitions, later ones null.
 */
export function tableForm(version: ResourceVersion, viewVersion: string, includeObject: string, nowMs: number): ObjectForm {
  const head = (meta: ListMeta, columns: Json) =>
    `{"kind":"Table","apiVersion":"meta.k8s.io/${viewVersion}","metadata":${JSON.stringify(meta)},"columnDefinitions":${formatJson(columns)},"rows":[`;
  const row = (stored: StoredObject, now: number) => {
    const object = version.hubObject(stored);
    const conditions = version.resource.definition.rowConditions?.(object);
    const extra = conditions === undefined || conditions.length === 0 ? '' : `"conditions":${formatJson(conditions)},`;
    return `{"cells":${formatJson(cells(version, object, now))},${extra}"object":${rowObject(version, stored, viewVersion, includeObject)}}`;
  };
  const table = (stored: StoredObject, columns: Json, now: number) => {
    const meta = stored.revision > 0 ? { resourceVersion: String(stored.revision) } : {};
    return `${head(meta, columns)}${row(stored, now)}]}`;
  };
  let columns: Json = columnDefinitions(version);
  return {
    contentType: 'application/json',
    watchContentType: 'application/json',
    frameKey: undefined,
    itemBytes: undefined,
    compressed: undefined,
    document: (stored) => Buffer.from(`${table(stored, columns, nowMs)}\n`),
    item: (stored) => Buffer.from(row(stored, nowMs)),
    list: (meta) => ({ head: Buffer.from(head(meta, columns)), separator: COMMA, tail: TABLE_TAIL }),
    frame(type, stored) {
      const object = table(stored, columns, Date.now());
      columns = null;
      return Buffer.from(`{"type":"${type}","object":${object}}\n`);
    },
    errorFrame: ({ json }) => Buffer.from(`{"type":"ERROR","object":${json}}\n`),
  };
}
