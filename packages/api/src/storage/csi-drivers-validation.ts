import { duplicate, type FieldError, type FieldPath, invalidField, notSupported, path, validateImmutable } from '@keelson/machinery';
import type { storage } from '@keelson/schema';
import { validateOptionalEnumerated } from '../validation/enumerated.js';

type CSIDriver = storage.v1.CSIDriver;

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;
const minPeriodSeconds = 10;
const fsGroupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const lifecycleModes = ['Persistent', 'Ephemeral'];

function validateTokenSeconds(seconds: number | undefined, at: FieldPath): FieldError[] {
  if (seconds === undefined) return [];
  if (seconds < minTokenSeconds) return [invalidField(at, seconds, 'may not specify a duration less than 10 minutes')];
  return seconds > maxTokenSeconds ? [invalidField(at, seconds, 'may not specify a duration larger than 2^32 seconds')] : [];
}

function validateTokenRequests(requests: readonly storage.v1.TokenRequest[], at: FieldPath): FieldError[] {
  return requests.flatMap(({ audience, expirationSeconds }, i) => [
    ...(requests.findIndex((other) => other.audience === audience) < i ? [duplicate(at.index(i).child('audience'), audience)] : []),
    ...validateTokenSeconds(expirationSeconds, at.index(i).child('expirationSeconds')),
  ]);
}

/** How often nodes ask how many volumes they can take (KEP-4876). */
function validatePeriod({ nodeAllocatableUpdatePeriodSeconds: seconds }: storage.v1.CSIDriverSpec, at: FieldPath): FieldError[] {
  if (seconds === undefined || seconds >= minPeriodSeconds) return [];
  return [invalidField(at, seconds, `must be greater than or equal to ${minPeriodSeconds} seconds`)];
}

function validateUpdate(spec: storage.v1.CSIDriverSpec, old: storage.v1.CSIDriverSpec, at: FieldPath): FieldError[] {
  return [
    // Clients know the field by another name here.
    ...validateImmutable(spec.attachRequired, old.attachRequired, at.child('attachedRequired')),
    ...validateImmutable(spec.volumeLifecycleModes, old.volumeLifecycleModes, at.child('volumeLifecycleModes')),
  ];
}

export function validateCsiDriver({ spec }: CSIDriver, old: CSIDriver | undefined): FieldError[] {
  const at = path('spec');
  const modes = spec.volumeLifecycleModes ?? [];
  return [
    ...validateOptionalEnumerated(spec.fsGroupPolicy, at.child('fsGroupPolicy'), fsGroupPolicies),
    ...modes
      .filter((mode) => !lifecycleModes.includes(mode))
      .map((mode) => notSupported(at.child('volumeLifecycleModes'), mode, lifecycleModes)),
    ...validateTokenRequests(spec.tokenRequests ?? [], at.child('tokenRequests')),
    ...validatePeriod(spec, at.child('nodeAllocatableUpdatePeriodSeconds')),
    ...(old === undefined ? [] : validateUpdate(spec, old.spec, at)),
  ];
}
