import { path } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, wide } from '@keelson/server';
import { gatedInClaims } from '../../features/gated-fields.js';
import { roundResourceList } from '../../pod/resource-list.js';
import { defaultClaimSpec } from '../../pod/volume-defaults.js';
import { claimSpecWarnings } from '../../warnings/claim-warnings.js';
import { betaAnnotationWarnings, betaClass } from './beta-annotations.js';
import { validateClaim, validateClaimStatus } from './persistent-volume-claims-validation.js';
import { accessModesText, storageClassOf } from './volume-printing.js';

type PersistentVolumeClaim = core.v1.PersistentVolumeClaim;

/** Capacity and access modes are those of the volume: nothing to show before there is one. */
function ofVolume(claim: PersistentVolumeClaim, text: (status: core.v1.PersistentVolumeClaimStatus) => string): string {
  return claim.spec.volumeName ? text(claim.status) : '';
}

function warnings(claim: PersistentVolumeClaim): string[] {
  return [...betaAnnotationWarnings(claim, [betaClass]), ...claimSpecWarnings(claim.spec, path('spec'))];
}

export const persistentVolumeClaims = defineResource<PersistentVolumeClaim>(core.v1.PersistentVolumeClaim, {
  names: { plural: 'persistentvolumeclaims', short: ['pvc'] },
  scope: 'Namespaced',
  metadataChecks: { own: 2 },
  storage: { key: 'persistentvolumeclaims', defaultedOnRead: true },
  deleteReturns: 'object',
  resetFields: ['status'],
  subresources: { status: status({ validate: validateClaimStatus }) },
  defaults({ spec, status }) {
    status.phase ||= 'Pending';
    defaultClaimSpec(spec);
    roundResourceList(status.capacity);
    roundResourceList(status.allocatedResources);
  },
  gatedFields: gatedInClaims,
  prepareForCreate(claim) {
    claim.status = {};
    completeDataSources(claim.spec);
  },
  prepareForUpdate(claim, old) {
    completeDataSources(claim.spec, old.spec);
  },
  validate: validateClaim,
  warnings,
  columns: [
    nameColumn(),
    col('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''))),
    col('Volume', ({ spec }) => spec.volumeName ?? ''),
    col('Capacity', (claim) => ofVolume(claim, ({ capacity }) => capacity?.storage ?? '0')),
    col('Access Modes', (claim) => ofVolume(claim, (status) => accessModesText(status.accessModes))),
    col('StorageClass', storageClassOf),
    col('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    age(),
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
});

type ClaimSpec = core.v1.PersistentVolumeClaimSpec;

const snapshotGroup = 'snapshot.storage.k8s.io';

/** What the older field can name: all else in it is dropped without a word. */
function isClaimOrSnapshot({ apiGroup = '', kind }: core.v1.TypedLocalObjectReference): boolean {
  return (apiGroup === '' && kind === 'PersistentVolumeClaim') || (apiGroup === snapshotGroup && kind === 'VolumeSnapshot');
}

/** The older and the newer field name the same source, where either can (KEP-1495). */
function completeDataSources(spec: ClaimSpec, old?: ClaimSpec): void {
  const isNew = old?.dataSource === undefined && old?.dataSourceRef === undefined;
  if (isNew && spec.dataSource && !spec.dataSourceRef && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _none, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}
