import { semanticallyEqual } from '@keelson/machinery';
import { apiextensions } from '@keelson/schema';
import { defineResource, status } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { definitionFromHub, definitionToHub } from './custom-resource-definition-conversion.js';
import { validateDefinition, validateDefinitionStatus } from './custom-resource-definitions-validation.js';
import { defaultBetaDefinition, defaultDefinition, storageVersionOf } from './definition-defaults.js';
import { definitionWarnings } from './definition-warnings.js';

type Definition = apiextensions.v1.CustomResourceDefinition;

/** Keeps a definition until the objects it defines are gone. */
export const instanceCleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

function prepareForCreate(definition: Definition): void {
  const storage = storageVersionOf(definition.spec);
  definition.status = {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: storage === undefined ? null : [storage],
  };
}

/** Objects may be stored in every version that was once the one for it. */
function prepareForUpdate({ spec, status }: Definition): void {
  const storage = storageVersionOf(spec);
  const stored = status.storedVersions ?? [];
  if (storage !== undefined && !stored.includes(storage)) status.storedVersions = [...stored, storage];
}

/** The first DELETE only announces the end. It counts neither as a change of the definition nor as graceful. */
function onDeletionStart({ metadata, status }: Definition): void {
  const at = metadata.deletionTimestamp ?? null;
  delete metadata.deletionGracePeriodSeconds;
  if (metadata.generation !== undefined) metadata.generation -= 1;
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(instanceCleanupFinalizer)) metadata.finalizers = [...finalizers, instanceCleanupFinalizer];
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Terminating');
  const reason = 'InstanceDeletionPending';
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
  status.conditions = [...others, { type: 'Terminating', status: 'True', lastTransitionTime: at, reason, message }];
}

/** A definition on its way out may lose its finalizers, whatever else would be wrong with it. */
function isLetGo(definition: Definition, old: Definition): boolean {
  return old.metadata.deletionTimestamp !== undefined && semanticallyEqual(definition.spec, old.spec);
}

/** Stored as v1beta1, in which a schema that is the same in all versions takes its room once. */
export const customResourceDefinitions = defineResource<Definition>(apiextensions.v1.CustomResourceDefinition, {
  names: { plural: 'customresourcedefinitions', short: ['crd', 'crds'], categories: ['api-extensions'] },
  scope: 'Cluster',
  storage: {
    key: 'apiextensions.k8s.io/customresourcedefinitions',
    format: 'json',
    kind: apiextensions.v1beta1.CustomResourceDefinition,
  },
  versions: [
    removedVersion(
      apiextensions.v1beta1.CustomResourceDefinition,
      { deprecated: '1.16', removed: '1.22', use: apiextensions.v1.CustomResourceDefinition },
      { toHub: definitionToHub, fromHub: definitionFromHub, defaults: defaultBetaDefinition },
    ),
  ],
  unconditionalUpdate: false,
  anyFinalizer: true,
  metadataChecks: { own: 0 },
  resetFields: ['status'],
  subresources: { status: status({ resets: ['metadata', 'spec'], validate: validateDefinitionStatus }) },
  generationOf: ({ spec }) => spec,
  defaults: defaultDefinition,
  prepareForCreate,
  prepareForUpdate,
  holdsDeletion: ({ metadata }) => metadata.deletionTimestamp === undefined,
  onDeletionStart,
  warnings: definitionWarnings,
  validate: (definition, old) => (old !== undefined && isLetGo(definition, old) ? [] : validateDefinition(definition, old)),
});
