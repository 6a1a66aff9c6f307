import { dns1123Label, type FieldError, invalidField, path, validateStandardFinalizer } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type PartSubresource, status } from '@keelson/server';

type Namespace = core.v1.Namespace;

/** Holds a namespace until its contents are gone. */
const contentFinalizer = 'kubernetes';
const nameLabel = 'kubernetes.io/metadata.name';

/** Every namespace can be selected by its name (KEP-2161). */
function labelWithName({ metadata }: Namespace): void {
  if (metadata.name) metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}

function prepareForCreate(namespace: Namespace): void {
  labelWithName(namespace);
  namespace.status = { phase: 'Active' };
  const finalizers = namespace.spec.finalizers ?? [];
  if (!finalizers.includes(contentFinalizer)) namespace.spec.finalizers = [...finalizers, contentFinalizer];
}

function validateFinalizers({ spec }: Namespace): FieldError[] {
  return (spec.finalizers ?? []).flatMap((name) => validateStandardFinalizer(name, path('spec', 'finalizers')));
}

function validateFinalize({ spec }: Namespace): FieldError[] {
  return (spec.finalizers ?? []).flatMap((name, i) => validateStandardFinalizer(name, path('spec', 'finalizers').index(i)));
}

function validatePhase({ metadata, status }: Namespace): FieldError[] {
  const at = path('status', 'Phase');
  const deleting = metadata.deletionTimestamp !== undefined;
  if (!deleting && status.phase !== 'Active') {
    return [invalidField(at, status.phase ?? '', "may only be 'Active' if `deletionTimestamp` is empty")];
  }
  if (deleting && status.phase !== 'Terminating') {
    return [invalidField(at, status.phase ?? '', "may only be 'Terminating' if `deletionTimestamp` is not empty")];
  }
  return [];
}

/** Writes spec.finalizers: how the namespace controller lets a namespace go. */
const finalize: PartSubresource<Namespace> = {
  type: 'part',
  verbs: ['update'],
  resetFields: ['status'],
  prepareForUpdate(namespace, old) {
    namespace.status = old.status;
  },
  validate: validateFinalize,
};

export const namespaces = defineResource<Namespace>(core.v1.Namespace, {
  names: { plural: 'namespaces', short: ['ns'] },
  scope: 'Cluster',
  storage: { key: 'namespaces' },
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  nameForm: dns1123Label,
  deleteReturns: 'object',
  resetFields: ['status'],
  selectableFields: { 'status.phase': ({ status }) => status.phase ?? '' },
  subresources: { status: status<Namespace>({ validate: validatePhase }), finalize },
  defaults(namespace) {
    labelWithName(namespace);
    namespace.status.phase ||= 'Active';
  },
  prepareForCreate,
  prepareForUpdate(namespace, old) {
    namespace.spec = old.spec;
  },
  holdsDeletion: ({ spec }) => (spec.finalizers?.length ?? 0) > 0,
  onDeletionStart(namespace) {
    namespace.status.phase = 'Terminating';
    // Namespaces have no grace period, not even one of zero.
    delete namespace.metadata.deletionGracePeriodSeconds;
  },
  validate: (namespace, old) => (old === undefined ? validateFinalizers(namespace) : []),
  columns: [nameColumn(), col('Status', ({ status }) => status.phase ?? ''), age()],
});
