import type { resource } from '@keelson/schema';

type ClaimSpec = resource.v1beta2.ResourceClaimSpec;
type ClaimStatus = resource.v1beta2.ResourceClaimStatus;
type ClassSpec = resource.v1beta2.DeviceClassSpec;
type SliceSpec = resource.v1beta2.ResourceSliceSpec;

/** Fields of a feature that v1.34 has switched off, and where in a spec they are. */
interface DisabledFields<Spec> {
  readonly fields: readonly string[];
  holders(spec: Spec): readonly (object | undefined)[];
}

const requestsOf = ({ devices }: ClaimSpec) =>
  (devices.requests ?? []).flatMap(({ exactly, firstAvailable = [] }) => [exactly, ...firstAvailable]);
const devicesOf = ({ devices }: SliceSpec) => devices ?? [];

/** KEP-5075: consumable capacity. Kubernetes means to drop `distinctAttribute` too, but does not. */
const ofClaims: readonly DisabledFields<ClaimSpec>[] = [{ fields: ['capacity'], holders: requestsOf }];

const resultsOf = ({ allocation }: ClaimStatus) => allocation?.devices.results ?? [];

/** KEP-5075 (consumable capacity), KEP-5007 (binding conditions). */
const ofClaimStatus: readonly DisabledFields<ClaimStatus>[] = [
  { fields: ['shareID', 'consumedCapacity'], holders: (status) => [...resultsOf(status), ...(status.devices ?? [])] },
  { fields: ['allocationTimestamp'], holders: ({ allocation }) => [allocation] },
  { fields: ['bindingConditions', 'bindingFailureConditions'], holders: resultsOf },
];

/** KEP-5004: extended resources. */
const ofClasses: readonly DisabledFields<ClassSpec>[] = [{ fields: ['extendedResourceName'], holders: (spec) => [spec] }];

/** KEP-4815 (partitions), KEP-5055 (taints), KEP-5007 (binding conditions), KEP-5075 (consumable capacity). */
const ofSlices: readonly DisabledFields<SliceSpec>[] = [
  { fields: ['perDeviceNodeSelection', 'sharedCounters'], holders: (spec) => [spec] },
  { fields: ['consumesCounters', 'nodeName', 'nodeSelector', 'allNodes'], holders: devicesOf },
  { fields: ['taints'], holders: devicesOf },
  { fields: ['bindsToNode', 'bindingConditions', 'bindingFailureConditions'], holders: devicesOf },
  { fields: ['allowMultipleAllocations'], holders: devicesOf },
  { fields: ['requestPolicy'], holders: (spec) => devicesOf(spec).flatMap(({ capacity = {} }) => Object.values(capacity)) },
];

function uses<Spec>({ fields, holders }: DisabledFields<Spec>, spec: Spec): boolean {
  return holders(spec).some((holder) => holder !== undefined && fields.some((field) => Object.hasOwn(holder, field)));
}

function dropFrom<Spec>(disabled: readonly DisabledFields<Spec>[], spec: Spec, old: Spec | undefined): void {
  for (const feature of disabled) {
    // Who has them already, from a server that had the feature on, keeps them.
    if (old !== undefined && uses(feature, old)) continue;
    for (const holder of feature.holders(spec)) {
      for (const field of feature.fields) if (holder !== undefined) delete (holder as Record<string, unknown>)[field];
    }
  }
}

export function dropDisabledClaimFields(spec: ClaimSpec, old?: ClaimSpec): void {
  dropFrom(ofClaims, spec, old);
}

export function dropDisabledClaimStatusFields(status: ClaimStatus, old: ClaimStatus): void {
  dropFrom(ofClaimStatus, status, old);
}

export function dropDisabledClassFields(spec: ClassSpec, old?: ClassSpec): void {
  dropFrom(ofClasses, spec, old);
}

export function dropDisabledSliceFields(spec: SliceSpec, old?: SliceSpec): void {
  dropFrom(ofSlices, spec, old);
}
