import type { FieldError, KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { Column } from './column.js';
import { age, col, integer } from './columns.js';
import type { MetadataChecks, WriteContext } from './definition.js';
import type { PartSubresource } from './subresource.js';

type Fields = Record<string, unknown>;

/** Takes `field` from `from`, or removes it where `from` has none. */
export function copyField(to: KubeObject, from: KubeObject, field: string): void {
  const value = (from as unknown as Fields)[field];
  if (value === undefined) delete (to as unknown as Fields)[field];
  else (to as unknown as Fields)[field] = value;
}

export interface StatusOptions<T extends KubeObject> {
  /** Besides `spec`: what a status write leaves alone. `metadata` means all of it but managedFields. */
  readonly keeps?: readonly (
    | 'metadata'
    | 'metadata.labels'
    | 'metadata.annotations'
    | 'metadata.ownerReferences'
    | 'metadata.deletionTimestamp'
    | 'spec'
  )[];
  /** What apply leaves to others, where that is not what is kept. */
  readonly resets?: readonly string[];
  readonly metadataChecks?: MetadataChecks;
  prepareForUpdate?(object: T, old: T, context: WriteContext): void;
  validateAgainstOthers?(object: T, old: T, context: WriteContext): Promise<FieldError[]>;
  validate?(object: T, old: T, context: WriteContext): FieldError[];
  warnings?(object: T): string[];
}

function keepMetadata(object: KubeObject, old: KubeObject): void {
  const managedFields = object.metadata.managedFields;
  object.metadata = { ...old.metadata };
  if (managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
}

function keep(object: KubeObject, old: KubeObject, path: string): void {
  if (path === 'metadata') keepMetadata(object, old);
  else if (path.startsWith('metadata.'))
    copyField(object.metadata as unknown as KubeObject, old.metadata as unknown as KubeObject, path.slice('metadata.'.length));
  else copyField(object, old, path);
}

/** The `/status` subresource: writes `status` and some metadata, never the rest. */
export function status<T extends KubeObject>(options: StatusOptions<T> = {}): PartSubresource<T> {
  const keeps = options.keeps ?? ['spec'];
  return {
    type: 'part',
    verbs: ['get', 'update', 'patch'],
    resetFields: options.resets ?? keeps,
    isCounted: false,
    ...(options.metadataChecks && { metadataChecks: options.metadataChecks }),
    prepareForUpdate(object, old, context) {
      for (const path of keeps) keep(object, old, path);
      options.prepareForUpdate?.(object, old, context);
    },
    ...(options.validateAgainstOthers && { validateAgainstOthers: options.validateAgainstOthers }),
    ...(options.validate && { validate: options.validate }),
    warnings: options.warnings ?? (() => []),
  };
}

/** autoscaling/v1 Scale, as the scale subresource reads and writes it. */
export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

export interface ScaleOptions<T extends KubeObject> {
  /** Kind of the view: autoscaling/v1 Scale, or the group's own early one. */
  readonly kind: KindSchema;
  specReplicas(object: T): number | undefined;
  setSpecReplicas(object: T, replicas: number): void;
  statusReplicas(object: T): number | undefined;
  /** The selector of the scaled pods in its string form. */
  selector?(object: T): string | undefined;
  validate?(object: T, old: T, context: WriteContext): FieldError[];
}

const scaleColumns: readonly Column<Scale>[] = [
  // Not the column that links rows: a Scale is no object that could be asked for by its name.
  col('Name', ({ metadata }) => metadata.name ?? ''),
  integer('Desired', ({ spec }) => spec?.replicas ?? 0),
  integer('Available', ({ status }) => status?.replicas ?? 0),
  age(),
];

/** The `/scale` subresource: the parent seen as a Scale, of which only spec.replicas is written. */
export function scale<T extends KubeObject>(options: ScaleOptions<T>): PartSubresource<T> {
  return {
    type: 'part',
    verbs: ['get', 'update', 'patch'],
    kind: options.kind,
    columns: scaleColumns as readonly Column[],
    resetFields: [],
    view(parent) {
      const { name, namespace, uid, resourceVersion, creationTimestamp } = parent.metadata;
      const selector = options.selector?.(parent);
      const replicas = options.specReplicas(parent);
      return {
        metadata: {
          ...(name !== undefined && { name }),
          ...(namespace !== undefined && { namespace }),
          ...(uid !== undefined && { uid }),
          ...(resourceVersion !== undefined && { resourceVersion }),
          ...(creationTimestamp !== undefined && { creationTimestamp }),
        },
        spec: { ...(replicas ? { replicas } : {}) },
        status: { replicas: options.statusReplicas(parent) ?? 0, ...(selector ? { selector } : {}) },
      } as Scale;
    },
    merge(parent, view) {
      options.setSpecReplicas(parent, (view as Scale).spec?.replicas ?? 0);
    },
    prepareForUpdate() {
      // Only merge writes to the parent, and it writes spec.replicas alone.
    },
    ...(options.validate && { validate: options.validate }),
  };
}
