import {
  dns1123Subdomain,
  formatGroupVersion,
  type GroupResource,
  type GroupVersionKind,
  type KubeObject,
  type ObjectMetaRules,
  type ServedVersion,
} from '@keelson/machinery';
import {
  type FieldPath,
  fieldBytes,
  type KindSchema,
  meta,
  metadataBytes,
  type Omission,
  stampedLength,
  stampResourceVersion,
  writeStamped,
} from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import { jsonPrefix } from '../respond/json-prefix.js';
import type { ObjectForm } from '../respond/object-form.js';
import { lengthDelimited } from '../respond/protobuf-wire.js';
import type { Column } from './column.js';
import type { MetadataChecks, VersionDefinition } from './definition.js';
import type { Resource } from './resource.js';
import { selectableFields } from './selectable-fields.js';
import type { SubresourceDefinition } from './subresource.js';

/** What stands before resourceVersion in metadata: messages show objects with their members in order. */
const BEFORE_REVISION = new Set(['name', 'generateName', 'namespace', 'selfLink', 'uid']);

function withRevision(object: KubeObject, revision: number): KubeObject {
  if (revision === 0) return object;
  const resourceVersion = String(revision);
  const old = object.metadata as Record<string, unknown>;
  const metadata: Record<string, unknown> = {};
  let placed = false;
  for (const member in old) {
    if (!placed && !BEFORE_REVISION.has(member)) {
      metadata.resourceVersion = resourceVersion;
      placed = true;
    }
    metadata[member] = old[member];
  }
  if (!placed) metadata.resourceVersion = resourceVersion;
  object.metadata = metadata;
  return object;
}

function revisionText({ revision }: StoredObject): string | undefined {
  return revision > 0 ? String(revision) : undefined;
}

function objectMetaRules(
  { namespaced, definition }: Resource,
  { metadataRules = definition }: VersionDefinition<KubeObject>,
): ObjectMetaRules {
  const { nameForm = dns1123Subdomain, anyFinalizer = false } = metadataRules;
  return { namespaced, nameForm, standardFinalizers: !anyFinalizer };
}

/** A message of the metadata field alone. */
function metadataField(message: Buffer): Buffer {
  return lengthDelimited(1, metadataBytes(message));
}

/** One served version of a resource: reads stored objects in its shape, and its shape back to the hub's. */
export class ResourceVersion implements GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly schema: KindSchema;
  readonly listKind: string;
  /** The resource as messages of this version name it: a version may be of another group than its hub. */
  readonly groupResource: GroupResource;
  readonly columns: readonly Column[];
  readonly subresources: Readonly<Record<string, SubresourceDefinition<KubeObject>>>;
  /** `{"kind":"Pod","apiVersion":"v1",`: what documents of this kind begin with. */
  readonly jsonPrefix: Buffer;
  /** Response forms by negotiated form, made when first asked for. */
  readonly forms = new Map<string, ObjectForm>();
  /** What admission plugins are told of it, by subresource: made when first asked for, and anew when other versions are served. */
  readonly admitted = new Map<string, ServedVersion>();
  readonly metadataRules: ObjectMetaRules;
  readonly metadataChecks: Required<MetadataChecks>;
  /** The hub's field for each that selectors may use. */
  readonly selectableFields: ReadonlyMap<string, string>;
  readonly #jsonKey: string;
  #empty: KubeObject | undefined;
  #lastShared: { readonly stored: StoredObject; readonly omission: Omission | undefined; readonly object: WeakRef<KubeObject> } | undefined;

  constructor(
    readonly resource: Resource,
    readonly definition: VersionDefinition<KubeObject>,
    columns: readonly Column[],
  ) {
    this.schema = definition.kind;
    this.group = definition.kind.group;
    this.version = definition.kind.version;
    this.kind = definition.kind.kind;
    this.apiVersion = formatGroupVersion(definition.kind);
    this.listKind = resource.definition.names.list ?? `${this.kind}List`;
    this.groupResource = { group: this.group, resource: resource.resource };
    this.columns = definition.columns ?? columns;
    this.subresources = { ...resource.definition.subresources, ...definition.subresources };
    this.metadataRules = objectMetaRules(resource, definition);
    this.metadataChecks = { own: 1, changes: 1, ...(definition.metadataRules ?? resource.definition).metadataChecks };
    this.selectableFields = selectableFields(resource.definition, definition);
    this.jsonPrefix = jsonPrefix(definition.kind);
    this.#jsonKey = `${this.apiVersion}/json`;
  }

  /** An object with nothing set: what is printed always, and owned by nobody while it is so. */
  get empty(): KubeObject {
    this.#empty ??= this.schema.codec.fromJson({});
    return this.#empty;
  }

  /** Warning header of answers about objects of this version, or about a subresource, which may speak another kind. */
  deprecationWarning(subresource: string): string | undefined {
    const part = this.subresources[subresource];
    const ownKind = part === undefined || part.type === 'connect' || part.kind === undefined;
    return (ownKind ? this.definition : part).deprecationWarning;
  }

  toHub(object: KubeObject): KubeObject {
    return this.definition.toHub?.(object) ?? object;
  }

  fromHub(hub: KubeObject): KubeObject {
    return this.definition.fromHub?.(hub) ?? hub;
  }

  /** The object in this version, with its resourceVersion; nobody else holds it. */
  object(stored: StoredObject): KubeObject {
    return withRevision(this.fromHub(this.resource.form.decode(stored.value)), stored.revision);
  }

  /**
   * One of these two for whoever changes nothing of it: all that follow a resource are told of a change one after the other, and it is
   * read once for them.
   */
  sharedObject(stored: StoredObject, omission?: Omission): KubeObject {
    const last = this.#lastShared;
    const known = last?.stored === stored && last.omission === omission ? last.object.deref() : undefined;
    if (known !== undefined) return known;
    const object = omission === undefined ? this.object(stored) : this.#objectWithout(omission, stored);
    this.#lastShared = { stored, omission, object: new WeakRef(object) };
    return object;
  }

  /** In no particular order. */
  #objectWithout(omission: Omission, stored: StoredObject): KubeObject {
    const object = this.fromHub(this.resource.form.decode(stored.value, omission));
    if (stored.revision > 0) object.metadata.resourceVersion = String(stored.revision);
    return object;
  }

  /** Whether both say the same in these fields, as far as can be told without decoding. */
  hasSame(fields: readonly FieldPath[], a: StoredObject, b: StoredObject): boolean {
    if (a.hasFlaw || b.hasFlaw) return false;
    const { form } = this.resource;
    const [left, right] = [form.message(a.value, this.schema), form.message(b.value, this.schema)];
    return left !== undefined && right !== undefined && fields.every((path) => fieldBytes(left, path).equals(fieldBytes(right, path)));
  }

  /** A whole JSON document, with `jsonPrefix` and a newline. Kept on the stored object: items of lists and frames of watches are parts of it. */
  jsonDocument(stored: StoredObject): Buffer {
    const kept = stored.encoded.get(this.#jsonKey);
    if (kept !== undefined) return kept;
    const document = this.schema.codec.toDocument(this.#message(stored), this.jsonPrefix, revisionText(stored));
    stored.encoded.set(this.#jsonKey, document);
    return document;
  }

  /** Protobuf message with its resourceVersion, without envelope. */
  protobuf(stored: StoredObject): Buffer {
    const message = this.#message(stored);
    return stored.revision > 0 ? stampResourceVersion(message, String(stored.revision)) : message;
  }

  /** Length of what `protobuf` gives. */
  protobufLength(stored: StoredObject): number {
    const message = this.#message(stored);
    return stored.revision > 0 ? stampedLength(message, String(stored.revision)) : message.length;
  }

  /** Writes what `protobuf` gives into `out`, which ends with it. */
  writeProtobuf(stored: StoredObject, out: Buffer): void {
    const message = this.#message(stored);
    if (stored.revision > 0) writeStamped(message, String(stored.revision), out, out.length);
    else message.copy(out, out.length - message.length);
  }

  /** The object in the hub's shape, with its resourceVersion: what strategies see. */
  hubObject(stored: StoredObject): KubeObject {
    return withRevision(this.resource.form.decode(stored.value), stored.revision);
  }

  /** The same in no particular order, perhaps without managedFields: what table cells see. */
  printedObject(stored: StoredObject): KubeObject {
    const object = this.resource.form.decode(stored.value, 'managedFields');
    if (stored.revision > 0) object.metadata.resourceVersion = String(stored.revision);
    return object;
  }

  /** A JSON document of the metadata alone: `head` stands in place of its opening brace. */
  partialJsonDocument(stored: StoredObject, head: Buffer): Buffer {
    return meta.v1.PartialObjectMetadata.codec.toDocument(metadataField(this.#metadataMessage(stored)), head, revisionText(stored));
  }

  /** A message of the metadata field alone: a PartialObjectMetadata, as every kind has it as field 1. */
  partialProtobuf(stored: StoredObject): Buffer {
    const message = this.#metadataMessage(stored);
    return metadataField(stored.revision > 0 ? stampResourceVersion(message, String(stored.revision)) : message);
  }

  /**
   * A message that begins with the metadata. It is the hub's: annotations by which a version shows what it has no fields for are
   * no part of the metadata that all versions share.
   */
  #metadataMessage(stored: StoredObject): Buffer {
    const { form, hub, definition } = this.resource;
    if (hub.custom) return this.#message(stored);
    const { versionAnnotation } = definition;
    if (versionAnnotation !== undefined) {
      const object = form.decode(stored.value);
      delete object.metadata.annotations?.[versionAnnotation];
      return Buffer.from(hub.codec.encode(object));
    }
    return form.message(stored.value, hub) ?? Buffer.from(hub.codec.encode(form.decode(stored.value)));
  }

  /** Message bytes in this version, without resourceVersion: the stored ones wherever they are of this version. */
  #message(stored: StoredObject): Buffer {
    const { form } = this.resource;
    return form.message(stored.value, this.schema) ?? Buffer.from(this.schema.codec.encode(this.fromHub(form.decode(stored.value))));
  }
}
