import { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { ONE } from '../amounts.js';
import type { Scope } from '../scope.js';
import { objectCountName, type QuotaEvaluator } from './evaluator.js';

type Claim = core.v1.PersistentVolumeClaim;

const COUNT = objectCountName({ group: '', resource: 'persistentvolumeclaims' });
const CLAIMS = 'persistentvolumeclaims';
const STORAGE = 'requests.storage';
/** Between a storage class and what is measured of its claims: `gold.storageclass.storage.k8s.io/requests.storage`. */
const CLASS_INFIX = '.storageclass.storage.k8s.io/';
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** Counts claims and the storage they ask for, together and by storage class. */
export const persistentVolumeClaims: QuotaEvaluator<Claim> = {
  // The status tells of what has been allocated, and of the class that a volume is being given.
  handles: ({ operation, subresource }) =>
    (operation === 'CREATE' && subresource === '') || (operation === 'UPDATE' && (subresource === '' || subresource === 'status')),
  tracks: (name) => name === COUNT || [CLAIMS, STORAGE].some((measured) => name === measured || name.endsWith(CLASS_INFIX + measured)),
  matchesScope: (scope, claim) => scope.name === 'VolumeAttributesClass' && matchesAttributesClass(scope, claim),
  usage(claim) {
    const usage = new Map([
      [CLAIMS, ONE],
      [COUNT, ONE],
    ]);
    const prefix = `${storageClassOf(claim)}${CLASS_INFIX}`;
    const hasClass = prefix !== CLASS_INFIX;
    if (hasClass) usage.set(prefix + CLAIMS, ONE);
    const storage = storageOf(claim);
    if (storage !== undefined) usage.set(STORAGE, storage);
    if (storage !== undefined && hasClass) usage.set(prefix + STORAGE, storage);
    return usage;
  },
};

function storageClassOf({ metadata, spec }: Claim): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? '';
}

/** What is asked for or, while a volume grows, may have been given already: in whole bytes. */
function storageOf({ spec, status }: Claim): Quantity | undefined {
  const requested = spec.resources?.requests?.storage;
  if (requested === undefined) return undefined;
  const amount = Quantity.parse(requested);
  const allocated = Quantity.parse(status.allocatedResources?.storage ?? requested);
  return wholeBytes(allocated.compare(amount) > 0 ? allocated : amount);
}

function wholeBytes(amount: Quantity): Quantity {
  const [, scale] = amount.parts;
  return scale >= 0 ? amount : Quantity.of(amount.value(), 0, amount.format);
}

/** A claim counts for every class that it has, is to have, or is on its way to. */
function matchesAttributesClass(scope: Scope, { spec, status }: Claim): boolean {
  const names = [
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
    status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name);
  return names.length === 0 ? scope.matches(undefined) : names.some((name) => scope.matches(name));
}
