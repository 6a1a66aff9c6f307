import type { ListMeta } from '@keelson/machinery';
import { envelopePrefix, wrap } from '@keelson/schema';
import type { StoredObject, WatchEventType } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import { CompressedItems } from './compressed-items.js';
import { type FrameKeys, frameKeys } from './frame-output.js';
import { partialPrefix } from './json-prefix.js';
import type { Negotiated } from './negotiate.js';
import {
  delimitedBy,
  delimitedSize,
  encodeListMeta,
  encodeWatchFrame,
  envelopeHead,
  envelopeTail,
  lengthDelimited,
} from './protobuf-wire.js';
import { includedObject, tableForm } from './table-form.js';

/** The pieces of a list response around and between its items. */
export interface ListPieces {
  readonly head: Buffer;
  readonly separator: Buffer | undefined;
  readonly tail: Buffer | undefined;
}

/** How objects of one version are written in one negotiated form: alone, in a list, in a watch. Made per form, not per request. */
export interface ObjectForm {
  /** Content type of single objects and lists. */
  readonly contentType: string;
  readonly watchContentType: string;
  /** Names what is kept on watch events; undefined when frames differ between watchers. */
  readonly frameKeys: FrameKeys | undefined;
  /** One whole response body. */
  document(object: StoredObject): Buffer;
  /** What every item of a list opens with; it stands at the end of what comes before the item. */
  readonly itemOpening: string;
  /** One item of a list, behind its opening. */
  item(object: StoredObject): Buffer;
  /** Length of `item`, where a list must begin with the sum of them. */
  readonly itemBytes: ((object: StoredObject) => number) | undefined;
  /** `itemBytes`: of all items, where they are needed. */
  list(meta: ListMeta, count: number, itemBytes: number): ListPieces;
  /** Items of lists in gzip; undefined when they differ between responses. */
  readonly compressed: CompressedItems | undefined;
  frame(type: WatchEventType | 'BOOKMARK', object: StoredObject): Buffer;
  /** An ERROR frame: `status` is JSON text and protobuf message of a Status. */
  errorFrame(status: { readonly json: string; readonly protobuf: Buffer }): Buffer;
  /** The form of one watch, where its first frame is not like the others. */
  readonly ofOneWatch?: () => ObjectForm;
}

const FRAME_TAIL = Buffer.from('}\n');
const LIST_TAIL = Buffer.from(']}\n');
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

interface JsonDocuments {
  /** One whole document, a newline at its end. */
  document(object: StoredObject): Buffer;
  /** Where what a list shows of it begins; before that a list writes `opening`. */
  readonly itemStart: number;
  readonly opening: string;
  /** What stands for the items of a list that has none. */
  readonly noItems: '[]' | 'null';
}

function jsonForm(name: string, listKind: string, listApiVersion: string, documents: JsonDocuments): ObjectForm {
  const { document, itemStart, opening, noItems } = documents;
  const listHead = `{"kind":${JSON.stringify(listKind)},"apiVersion":${JSON.stringify(listApiVersion)},"metadata":`;
  const separator = Buffer.from(`,${opening}`);
  const item = (object: StoredObject) => {
    const whole = document(object);
    return whole.subarray(itemStart, whole.length - 1);
  };
  return {
    contentType: 'application/json',
    watchContentType: 'application/json',
    frameKeys: frameKeys(name),
    itemOpening: opening,
    itemBytes: undefined,
    compressed: new CompressedItems(name, item, separator),
    document,
    item,
    list(meta, count) {
      const head = `${listHead}${JSON.stringify(meta)},"items":`;
      if (count === 0) return { head: Buffer.from(head + noItems), separator, tail: FRAME_TAIL };
      return { head: Buffer.from(`${head}[${opening}`), separator, tail: LIST_TAIL };
    },
    frame(type, object) {
      const whole = document(object);
      return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), whole.subarray(0, whole.length - 1), FRAME_TAIL]);
    },
    errorFrame: ({ json }) => Buffer.from(`{"type":"ERROR","object":${json}}\n`),
  };
}

/** How the message of an object is made: alone, or at the end of memory that is there, its length known before. */
interface MessageWriter {
  message(object: StoredObject): Buffer;
  bytes(object: StoredObject): number;
  write(object: StoredObject, out: Buffer): void;
}

function protobufForm(
  name: string,
  apiVersion: string,
  kind: string,
  listKind: string,
  listApiVersion: string,
  body: MessageWriter,
): ObjectForm {
  const prefix = envelopePrefix(apiVersion, kind);
  const item = (object: StoredObject) => delimitedBy(2, body.bytes(object), (out) => body.write(object, out));
  return {
    contentType: PROTOBUF,
    watchContentType: `${PROTOBUF};stream=watch`,
    frameKeys: frameKeys(name),
    itemOpening: '',
    itemBytes: (object) => delimitedSize(body.bytes(object)),
    compressed: new CompressedItems(name, item, undefined),
    document: (object) => wrap(prefix, body.message(object)),
    item,
    list: (meta, _count, itemBytes) => ({
      head: envelopeHead(listApiVersion, listKind, lengthDelimited(1, encodeListMeta(meta)), itemBytes),
      separator: undefined,
      tail: envelopeTail,
    }),
    frame: (type, object) => encodeWatchFrame(type, wrap(prefix, body.message(object))),
    errorFrame: ({ protobuf }) => encodeWatchFrame('ERROR', protobuf),
  };
}

function wholeMessage(version: ResourceVersion): MessageWriter {
  return {
    message: (object) => version.protobuf(object),
    bytes: (object) => version.protobufLength(object),
    write: (object, out) => version.writeProtobuf(object, out),
  };
}

function partialMessage(version: ResourceVersion): MessageWriter {
  return {
    message: (object) => version.partialProtobuf(object),
    bytes: (object) => version.partialProtobuf(object).length,
    write(object, out) {
      const message = version.partialProtobuf(object);
      message.copy(out, out.length - message.length);
    },
  };
}

function partialForm(version: ResourceVersion, { media, viewVersion }: Negotiated): ObjectForm {
  const apiVersion = `meta.k8s.io/${viewVersion}`;
  const name = `${version.apiVersion}/partial/${viewVersion}/${media}`;
  if (media === PROTOBUF)
    return protobufForm(name, apiVersion, 'PartialObjectMetadata', 'PartialObjectMetadataList', apiVersion, partialMessage(version));
  const prefix = partialPrefix(viewVersion);
  return jsonForm(name, 'PartialObjectMetadataList', apiVersion, {
    document: (object) => version.partialJsonDocument(object, prefix),
    itemStart: 0,
    opening: '',
    noItems: 'null',
  });
}

/** Objects that say themselves what they are, and lists whose members are in the order of their names, as those of objects. */
function customForm({ apiVersion, listKind }: ResourceVersion, form: ObjectForm): ObjectForm {
  const listHead = Buffer.from(`{"apiVersion":${JSON.stringify(apiVersion)},"items":[`);
  return {
    ...form,
    list: ({ continue: token = '', remainingItemCount, resourceVersion }) => {
      const remaining = remainingItemCount === undefined ? {} : { remainingItemCount };
      const metadata = JSON.stringify({ continue: token, ...remaining, resourceVersion });
      return {
        head: listHead,
        separator: COMMA,
        tail: Buffer.from(`],"kind":${JSON.stringify(listKind)},"metadata":${metadata}}\n`),
      };
    },
  };
}

const COMMA = Buffer.from(',');

function wholeCustomForm(version: ResourceVersion): ObjectForm {
  const document = (object: StoredObject) => version.jsonDocument(object);
  return customForm(
    version,
    jsonForm(`${version.apiVersion}/json`, version.listKind, version.apiVersion, { document, itemStart: 0, opening: '', noItems: '[]' }),
  );
}

function wholeForm(version: ResourceVersion, { media }: Negotiated): ObjectForm {
  const { apiVersion, kind, listKind } = version;
  if (version.schema.custom) return wholeCustomForm(version);
  if (media === PROTOBUF) return protobufForm(`${apiVersion}/protobuf`, apiVersion, kind, listKind, apiVersion, wholeMessage(version));
  return jsonForm(`${apiVersion}/json`, listKind, apiVersion, {
    document: (object) => version.jsonDocument(object),
    itemStart: version.jsonPrefix.length,
    opening: '{', // their kind is that of the list
    noItems: '[]',
  });
}

/** The form for what was negotiated. YAML is made from JSON where the body is sent. */
export function objectForm(version: ResourceVersion, form: Negotiated, includeObject: string): ObjectForm {
  const included = form.view === 'Table' ? includedObject(includeObject) : '';
  const key = `${form.view ?? ''}/${form.viewVersion}/${form.media === PROTOBUF}/${included}`;
  const known = version.forms.get(key);
  if (known !== undefined) return known;
  const made = newForm(version, form, includeObject);
  version.forms.set(key, made);
  return made;
}

function newForm(version: ResourceVersion, form: Negotiated, includeObject: string): ObjectForm {
  if (form.view === undefined) return wholeForm(version, form);
  return form.view === 'Table' ? tableForm(version, form.viewVersion, includedObject(includeObject)) : partialForm(version, form);
}
