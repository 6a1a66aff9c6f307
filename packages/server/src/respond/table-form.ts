import { badRequest, formatJson, invalidField, type ListMeta, path } from '@keelson/machinery';
import type { StoredObject } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import { frameKeys } from './frame-output.js';
import type { ObjectForm } from './object-form.js';
import { type IncludedObject, TableRows } from './table-rows.js';

const COMMA = Buffer.from(',');
const NO_COLUMNS = 'null';
const TABLE_TAIL = Buffer.from(']}\n');
const FRAME_TAIL = Buffer.from(']}}\n');

/** Reads `includeObject`; throws 400. */
export function includedObject(text: string): IncludedObject {
  if (text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  const why = invalidField(path('includeObject'), text, "must be 'Metadata', 'Object', 'None', or empty");
  throw badRequest(`Unable to convert to Table as requested: ${why}`);
}

function columnDefinitions({ columns }: ResourceVersion): string {
  const declared = columns.filter(({ undeclared }) => !undeclared);
  return formatJson(declared.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority })));
}

/** The Table view (KEP-2334): for kubectl and other readers that print. */
export function tableForm(version: ResourceVersion, viewVersion: string, includeObject: IncludedObject): ObjectForm {
  const rows = new TableRows(version, viewVersion, includeObject);
  const columns = columnDefinitions(version);
  const head = (meta: ListMeta, shownColumns: string) =>
    `{"kind":"Table","apiVersion":"meta.k8s.io/${viewVersion}","metadata":${JSON.stringify(meta)},"columnDefinitions":${shownColumns},"rows":[`;
  const tableHead = ({ revision }: StoredObject, shownColumns: string) =>
    head(revision > 0 ? { resourceVersion: String(revision) } : {}, shownColumns);
  const frame = (type: string, stored: StoredObject, shownColumns: string) =>
    Buffer.concat([Buffer.from(`{"type":"${type}","object":${tableHead(stored, shownColumns)}`), rows.text(stored), FRAME_TAIL]);
  const form: ObjectForm = {
    contentType: 'application/json',
    watchContentType: 'application/json',
    frameKeys: frameKeys(`${version.apiVersion}/table/${viewVersion}/${includeObject}`),
    itemOpening: '',
    itemBytes: undefined,
    compressed: rows.compressed,
    document: (stored) => Buffer.concat([Buffer.from(tableHead(stored, columns)), rows.text(stored), TABLE_TAIL]),
    item: (stored) => rows.text(stored),
    list: (meta) => ({ head: Buffer.from(head(meta, columns)), separator: COMMA, tail: TABLE_TAIL }),
    frame: (type, stored) => frame(type, stored, NO_COLUMNS),
    errorFrame: ({ json }) => Buffer.from(`{"type":"ERROR","object":${json}}\n`),
    ofOneWatch: () => withColumnsFirst(form, (type, stored) => frame(type, stored, columns)),
  };
  return form;
}

/** The first frame of a watch carries the column definitions: it differs from that of others, who are in the middle of theirs. */
function withColumnsFirst(form: ObjectForm, firstFrame: ObjectForm['frame']): ObjectForm {
  let begun = false;
  return {
    ...form,
    get frameKeys() {
      return begun ? form.frameKeys : undefined;
    },
    frame(type, stored) {
      if (begun) return form.frame(type, stored);
      begun = true;
      return firstFrame(type, stored);
    },
  };
}
