import type { Features, FieldError, GroupVersionKind, JsonObject, KubeObject, NameForm, Status, UserInfo } from '@keelson/machinery';
import type { KindSchema, TypeSchema } from '@keelson/schema';
import type { ResourceStore } from '@keelson/storage';
import type { Column } from './column.js';
import type { GatedField } from './gated-field.js';
import type { StorageFormat } from './stored/stored-encoding.js';
import type { StoredForm } from './stored/stored-form.js';
import type { SubresourceDefinition } from './subresource.js';

export type ResourceVerb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** What a strategy may know of the write it takes part in. */
export interface WriteContext {
  readonly user: UserInfo;
  readonly namespace: string;
  /** In the URL; '' where an object is posted. */
  readonly name: string;
  /** Group-version the client wrote in. */
  readonly apiVersion: string;
  readonly dryRun: boolean;
  /** Time of the request: RFC 3339, whole seconds. */
  readonly now: string;
  /** Which features the server has switched on. */
  readonly features: Features;
  /** Adds a Warning header to the response. */
  warn(text: string): void;
  /** Adds to the annotations of the request's audit events. */
  annotate(key: string, value: string, level?: 'Metadata' | 'Request'): void;
}

export interface DeleteContext {
  readonly apiVersion: string;
  /** `gracePeriodSeconds` of the request, when given. */
  readonly gracePeriodSeconds?: number;
  /** The request says itself what becomes of dependents. */
  readonly explicitPolicy?: boolean;
}

/** meta.k8s.io TableRowCondition. */
export interface RowCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

/** What a write has reserved. One of the two is called once it is known what became of the write. */
export interface Reservation {
  /** The write is stored: gives up what the old object had and the new one has no more. */
  confirm(): Promise<void>;
  /** The write failed: gives up what was reserved for it. */
  cancel(): Promise<void>;
}

export type PropagationPolicy = 'Orphan' | 'Background' | 'Foreground';

/** How often an update's metadata is judged for its kind after it was judged as that of any: what is wrong with it is told as often. */
export interface MetadataChecks {
  /** By all rules of the kind; default 1. */
  readonly own?: number;
  /** By what may change; default 1. */
  readonly changes?: number;
}

/** How what stands in metadata is checked. */
export interface MetadataRules {
  /** Form of metadata.name; a DNS subdomain when absent. */
  readonly nameForm?: NameForm;
  /** True: a finalizer without a domain need not be one of the standard ones. */
  readonly anyFinalizer?: boolean;
  readonly metadataChecks?: MetadataChecks;
}

/** Another served version of a resource. Without converters its objects have the hub's shape. */
export interface VersionDefinition<Hub extends KubeObject, T extends KubeObject = KubeObject> {
  readonly kind: KindSchema<T>;
  /** Pure; may reuse parts of its argument, which nobody else holds. */
  toHub?(object: T): Hub;
  fromHub?(hub: Hub): T;
  /** Conditional defaults of this version, in place, after the schema's static ones. */
  defaults?(object: T): void;
  readonly columns?: readonly Column<T>[];
  /** Other names of selectable fields, by which this version knows them besides the hub's. */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** All that this version selects by besides the name and namespace, with the hub's field that each is. The hub's own when absent. */
  readonly fieldNames?: Readonly<Record<string, string>>;
  /** Warning header of every answer in this version: `extensions/v1beta1 Ingress is deprecated in v1.14+; use …`. */
  readonly deprecationWarning?: string;
  /** Only releases before v1.34 served the resource in this version, though v1.34 may have the version for other resources. */
  readonly removed?: boolean;
  /** Where metadata is checked in another way than the resource says. */
  readonly metadataRules?: MetadataRules;
  /** Subresources that only this version has, or has in another kind than the resource's other versions. */
  readonly subresources?: Readonly<Record<string, SubresourceDefinition<Hub>>>;
}

/** Another version of a kind, whose objects have to be waited for. They may be incomplete. */
export interface ForeignVersion {
  readonly type: TypeSchema;
  /** Rejects when it cannot be had. */
  convert(object: JsonObject): Promise<JsonObject>;
  /** Back to the version that is asked about. */
  restore(object: JsonObject): Promise<JsonObject>;
}

/**
 * A resource, as its author writes it. `T` is the hub: the shape every other version converts to and from, and the
 * one that strategies see. All hooks are pure but for the object they are given to change.
 */
export interface ResourceDefinition<T extends KubeObject> extends MetadataRules {
  readonly names: {
    readonly plural: string;
    /** Lower-case kind when absent. */
    readonly singular?: string;
    /** The kind and `List` when absent. */
    readonly list?: string;
    readonly short?: readonly string[];
    readonly categories?: readonly string[];
  };
  readonly scope: 'Namespaced' | 'Cluster';
  /** Feature gate without which the resource is not there, whichever of its versions are switched on. */
  readonly feature?: string;
  /** Dropped before the hooks that prepare a write see the object. */
  readonly gatedFields?: readonly GatedField<T>[];
  readonly storage: {
    /** Below the store's prefix: `pods`, `services/specs`. */
    readonly key: string;
    /** Written so whatever the server's other objects are written as. */
    readonly format?: StorageFormat;
    /** Kind the stored bytes are of, when it is not the hub. */
    readonly kind?: KindSchema;
    /** How objects are stored, where that does not follow from their kinds. */
    readonly form?: StoredForm;
    /** Lifetime from each write on. */
    ttlSeconds?(object: T): number;
    /** Stored without what `defaults` adds, which is then done whenever an object is read. */
    readonly defaultedOnRead?: boolean;
    /** False: no object cache, as for events. */
    readonly cached?: boolean;
    /** Objects that are not stored at all but made when they are read. */
    computed?(form: StoredForm): ResourceStore;
    /** Selectable field by which many watchers pick one value each, such as `spec.nodeName`. */
    readonly triggerField?: string;
  };
  /** Served versions besides the hub. */
  readonly versions?: readonly VersionDefinition<T>[];
  /** False: the hub's own version is not served (it is only stored). */
  readonly served?: boolean;
  /** Warning header of every answer in the hub's version. */
  readonly deprecationWarning?: string;
  /** Errors show nothing of a patch to it, nor of what it would become. */
  readonly confidential?: boolean;
  /** All eight when absent. */
  readonly verbs?: readonly ResourceVerb[];
  /** PUT on a missing object creates it. */
  readonly createOnUpdate?: boolean;
  /** PUT without resourceVersion overwrites; default true. */
  readonly unconditionalUpdate?: boolean;
  /** What a DELETE that names no policy does to dependents; default Background. `none`: no finalizer handling (events). */
  defaultPropagation?(context: DeleteContext): PropagationPolicy | 'none';
  /** Warning headers of a DELETE, of one object or of many, whatever becomes of it. */
  deleteWarnings?(context: DeleteContext): readonly string[];
  /** Seconds a deleted object is kept for its node to stop it; absent: none. Called only when deletion is not under way. */
  graceSeconds?(object: T, context: DeleteContext): number;
  /** True while something besides metadata.finalizers keeps a deleted object (namespaces: spec.finalizers). */
  holdsDeletion?(object: T): boolean;
  /** Marks an object whose deletion begins and which is kept, in place. */
  onDeletionStart?(object: T): void;
  /** Body of a finished DELETE; default Status. */
  readonly deleteReturns?: 'Status' | 'object';
  /** Conditional defaults of the hub, in place, after the schema's static ones. */
  defaults?(object: T): void;
  /**
   * After mutating admission, before anything else: refuses, by throwing, an object that the user may not write although
   * the request is allowed (a role with more rights than its author has).
   */
  authorizeWrite?(object: T, old: T | undefined, context: WriteContext): Promise<void>;
  prepareForCreate?(object: T, context: WriteContext): void;
  prepareForUpdate?(object: T, old: T, context: WriteContext): void;
  /** Last of all, what a new object has for its readers beyond what was validated. */
  completeForStorage?(object: T): void;
  /** Top-level fields that only subresources write, such as `status`: removed on create, restored from the old object on update. */
  readonly resetFields?: readonly string[];
  /** False: a create may set the reset fields, too (nodes come with their status); default true. */
  readonly resetOnCreate?: boolean;
  /** What it is called in messages, as a type, where that is not the name of its hub's. */
  readonly typeName?: string;
  /** By which every version shows what none has a field for: it is no part of the metadata that is shown alone. */
  readonly versionAnnotation?: string;
  /** What metadata.generation counts the changes of; it is 1 at creation. Absent: the resource has no generation. */
  generationOf?(object: T): unknown;
  /** Whether that has not changed; without it, what is absent, null or an empty list is the same. */
  isSameGeneration?(now: unknown, before: unknown): boolean;
  /** True: setting fields of features that are off counts as well, though they are not taken. */
  readonly countsDisabled?: boolean;
  /** A version that only others can make of this one: ownership compares in it what managers of it have written. */
  foreignVersion?(apiVersion: string): ForeignVersion | undefined;
  /** The name of an object that says only how its name begins; that and five characters when absent. */
  generateName?(beginning: string): string;
  /** `ofMetadata`: what is wrong with its metadata, where that has been judged. */
  validate?(object: T, old: T | undefined, context: WriteContext, ofMetadata?: readonly FieldError[]): FieldError[];
  /** What is wrong with it because of what other objects say; reported before all else. */
  validateAgainstOthers?(object: T, old: T | undefined, context: WriteContext): Promise<FieldError[]>;
  warnings?(object: T, old: T | undefined): string[];
  /** Before the object is gone for good: refuses by throwing, or cleans up what belongs to it. */
  beforeDelete?(object: T, context: { readonly dryRun: boolean }): void | Promise<void>;
  /**
   * After preparing and before validation of a create or update: reserves what must be unique cluster-wide (addresses,
   * ports). An update that is tried again reserves again, after what it had reserved was cancelled. A dry run must not
   * reserve anything for real.
   */
  reserve?(object: T, old: T | undefined, context: WriteContext): Promise<Reservation | undefined>;
  /** Releases what `reserve` took, after the object is gone. */
  release?(object: T): Promise<void>;
  /** Selectable fields besides metadata.name and metadata.namespace, by path. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Other names of selectable fields in the hub's version. */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** Refusal of an unknown field label, where it is not the usual one. `version`: that of the request. */
  unsupportedField?(field: string, version: GroupVersionKind): string;
  /** Name and creation time when absent. */
  readonly columns?: readonly Column<T>[];
  /** Order of the rows of a Table, where it is not that of names: negative when `a` comes first. Such resources have few objects. */
  tableOrder?(a: T, b: T): number;
  /** Conditions of a Table row, such as a pod's Completed. */
  rowConditions?(object: T): RowCondition[];
  /** Those of every version. */
  readonly subresources?: Readonly<Record<string, SubresourceDefinition<T>>>;
  /** Virtual resources (reviews): answers POST without a store. */
  review?(object: T, context: WriteContext): Promise<T | Status> | T | Status;
}
