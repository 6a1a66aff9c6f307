import type { ListMeta } from '@keelson/machinery';
import { envelopePrefix, wrap } from '@keelson/schema';
import type { StoredObject, WatchEventType } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import { CompressedItems } from './compressed-items.js';
import { type FrameKeys, frameKeys } from './frame-output.js';
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
  /** One item of a list. */
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
}

const NEWLINE = Buffer.from('\n');
const COMMA = Buffer.from(',');
const LIST_TAIL = Buffer.from(']}\n');
const FRAME_TAIL = Buffer.from('}\n');
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

function jsonForm(
  name: string,
  prefix: Buffer,
  listKind: string,
  listApiVersion: string,
  itemPrefix: Buffer | undefined,
  body: (object: StoredObject) => Buffer,
): ObjectForm {
  const listHead = `{"kind":${JSON.stringify(listKind)},"apiVersion":${JSON.stringify(listApiVersion)},"metadata":`;
  const frameHeads = new Map<string, Buffer>();
  const frameHead = (type: string) => {
    let head = frameHeads.get(type);
    if (head === undefined) {
      head = Buffer.concat([Buffer.from(`{"type":"${type}","object":`), prefix]);
      frameHeads.set(type, head);
    }
    return head;
  };
  const item = itemPrefix === undefined ? body : (object: StoredObject) => Buffer.concat([itemPrefix, body(object).subarray(1)]);
  return {
    contentType: 'application/json',
    watchContentType: 'application/json',
    frameKeys: frameKeys(name),
    itemBytes: undefined,
    compressed: new CompressedItems(name, item, COMMA),
    document: (object) => Buffer.concat([prefix, body(object).subarray(1), NEWLINE]),
    item,
    list: (meta) => ({ head: Buffer.from(`${listHead}${JSON.stringify(meta)},"items":[`), separator: COMMA, tail: LIST_TAIL }),
    frame: (type, object) => Buffer.concat([frameHead(type), body(object).subarray(1), FRAME_TAIL]),
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
  const prefix = Buffer.from(`{"kind":"PartialObjectMetadata","apiVersion":"${apiVersion}",`);
  if (media === PROTOBUF)
    return protobufForm(name, apiVersion, 'PartialObjectMetadata', 'PartialObjectMetadataList', apiVersion, partialMessage(version));
  return jsonForm(name, prefix, 'PartialObjectMetadataList', apiVersion, prefix, (o) => version.partialJson(o));
}

function wholeForm(version: ResourceVersion, { media }: Negotiated): ObjectForm {
  const { apiVersion, kind, listKind } = version;
  if (media === PROTOBUF) return protobufForm(`${apiVersion}/protobuf`, apiVersion, kind, listKind, apiVersion, wholeMessage(version));
  return jsonForm(`${apiVersion}/json`, version.jsonPrefix, listKind, apiVersion, undefined, (object) => version.json(object));
}

/** The form for what was negotiated. YAML is made from JSON where the body is sent. Table forms belong to one response. */
export function objectForm(version: ResourceVersion, form: Negotiated, includeObject: string): ObjectForm {
  if (form.view === 'Table') return tableForm(version, form.viewVersion, includedObject(includeObject), Date.now());
  const key = `${form.view ?? ''}/${form.viewVersion}/${form.media === PROTOBUF}`;
  const known = version.forms.get(key);
  if (known !== undefined) return known;
  const made = form.view === undefined ? wholeForm(version, form) : partialForm(version, form);
  version.forms.set(key, made);
  return made;
}
