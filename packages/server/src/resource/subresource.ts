import type { ApiError, FieldError, JsonObject, KubeObject, Status, UserInfo } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { RequestInfo } from '../filters/request-info.js';
import type { KeelsonContext } from '../http/context.js';
import type { Query } from '../http/query.js';
import type { Target } from '../verbs/target.js';
import type { Column } from './column.js';
import type { MetadataChecks, WriteContext } from './definition.js';

/** What a POST on a subresource is given besides its body. */
export interface SubresourceCreateRequest {
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly context: WriteContext;
  /** Has the validating admission plugins judge the body; the action says when, as kinds differ in that. */
  validateAdmission(): Promise<void>;
  /** Reads, changes and stores the parent object in the hub's shape, with the pipeline's checks but without admission, which looks at the body. */
  updateParent(change: (parent: KubeObject) => void | Promise<void>): Promise<KubeObject>;
  /** The same as a write of the status subresource: nothing else changes, and the generation stays. Throws where there is none. */
  updateParentStatus(change: (parent: KubeObject) => void | Promise<void>): Promise<KubeObject>;
  getParent(): Promise<KubeObject>;
  /** Deletes the parent as a DELETE with these DeleteOptions would, likewise. */
  deleteParent(options: JsonObject): Promise<void>;
}

/** Reads and writes a part of the parent: status, scale, approval, finalize, ephemeralcontainers, resize. */
export interface PartSubresource<T extends KubeObject> {
  readonly type: 'part';
  readonly verbs: readonly ('get' | 'update' | 'patch')[];
  /** Kind on the wire when it is not the parent's. */
  readonly kind?: KindSchema;
  /** Warning header of answers in that kind. */
  readonly deprecationWarning?: string;
  /** Table columns of that kind; name and creation time when absent. */
  readonly columns?: readonly Column[];
  /** The part in its own kind; absent when it is the parent itself. */
  view?(parent: T): KubeObject;
  /** What a view is called in messages, as a type. */
  readonly typeName?: string;
  /** The view that a patch changes, where that is not the one that is shown. */
  patched?(parent: T): KubeObject;
  /** By apiVersion, where objects have the replicas that a view shows, null for nowhere; `spec.replicas` everywhere when absent. */
  readonly replicasPaths?: ReadonlyMap<string, string | null>;
  /** What is answered to a body that cannot be read; why it cannot when absent. */
  unreadable?(): ApiError;
  /** True: an apply through the view fails unless it changes nothing, as Kubernetes cannot convert what comes of it. */
  readonly isAppliedInVain?: boolean;
  /** Throws where the view could be written, but there is none to read. */
  checkShown?(parent: T): void;
  /** Brings a changed view back into the parent, in place; with `view` only. */
  merge?(parent: T, view: KubeObject): void;
  /** Restores in `object` what this subresource may not write. */
  prepareForUpdate(object: T, old: T, context: WriteContext): void;
  /** Field paths this subresource cannot write: they are not recorded as owned by who writes it. */
  readonly resetFields: readonly string[];
  /** False: what it writes is not counted by metadata.generation; default true. */
  readonly isCounted?: boolean;
  /** By default `own` is 0. */
  readonly metadataChecks?: MetadataChecks;
  /** True: what is written is judged as the parent, by the rules of its kind, in place of rules of its own. */
  readonly isJudgedAsParent?: boolean;
  /** What other objects have to say; before the rest. */
  validateAgainstOthers?(object: T, old: T, context: WriteContext): Promise<FieldError[]>;
  /** `ofMetadata`: what is wrong with its metadata, where that has been judged. */
  validate?(object: T, old: T, context: WriteContext, ofMetadata?: readonly FieldError[]): FieldError[];
  /** The resource's own when absent. */
  warnings?(object: T, old: T | undefined): string[];
}

/** Answers POST: binding, eviction, token. */
export interface ActionSubresource {
  readonly type: 'action';
  readonly kind: KindSchema;
  /** Other versions of the kind, of the same shape, that a body may be of. */
  readonly alsoTaken?: readonly KindSchema[];
  /** Warning header of its answers. */
  readonly deprecationWarning?: string;
  /** Fills in what the body leaves out, in place. */
  defaults?(object: KubeObject): void;
  create(object: KubeObject, request: SubresourceCreateRequest): Promise<KubeObject | Status>;
}

/** Streams to a node or service: exec, attach, portforward, log, proxy. */
export interface ConnectSubresource {
  readonly type: 'connect';
  readonly methods: readonly string[];
  /** Kind of its options in discovery and OpenAPI. */
  readonly kind: string;
  /** Reads what is asked of the connection: an object of `kind` without TypeMeta, for admission; throws 400. Without it admission is not asked. */
  options?(query: Query, info: RequestInfo): JsonObject;
  /** Answers by itself, whatever is sent and however long it takes; absent: it is told of and not served. */
  connect?(ctx: KeelsonContext, target: Target, options: JsonObject): Promise<void>;
}

export type SubresourceDefinition<T extends KubeObject> = PartSubresource<T> | ActionSubresource | ConnectSubresource;
