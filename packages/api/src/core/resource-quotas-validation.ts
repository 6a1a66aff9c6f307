import { type FieldError, type FieldPath, invalidField, path, Quantity, required } from '@keelson/machinery';
import { type core, internalForm, isHugePages, shownAsSent } from '@keelson/schema';
import { validateResourceName } from '../validation/resource-names.js';
import { validateResourceQuantity } from '../validation/resource-quantity.js';

type ResourceQuota = core.v1.ResourceQuota;
type QuotaSpec = core.v1.ResourceQuotaSpec;
type Requirement = core.v1.ScopedResourceSelectorRequirement;

const at = path('spec');

const podCounts = ['pods'];
const podCompute = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const podResources = [...podCounts, ...podCompute];
const claimResources = ['persistentvolumeclaims', 'requests.storage'];

const quotaResources: ReadonlySet<string> = new Set([
  ...podResources,
  ...claimResources,
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'configmaps',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
]);

/** What can be counted for the objects that a scope is about. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  Terminating: podResources,
  NotTerminating: podResources,
  BestEffort: podCounts,
  NotBestEffort: podResources,
  PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  VolumeAttributesClass: claimResources,
};

const conflicting = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function isQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
}

function validateQuotaResourceName(name: string, here: FieldPath): FieldError[] {
  const errors = validateResourceName(name, here);
  if (name.includes('/') || isQuotaResource(name)) return errors;
  return [...errors, invalidField(here, name, 'must be a standard resource for quota')];
}

function validateAmounts(amounts: Readonly<Record<string, string>> | undefined, here: FieldPath): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, text]) => [
    ...validateQuotaResourceName(name, here.key(name)),
    ...validateResourceQuantity(name, Quantity.parse(text), here.key(name)),
  ]);
}

/** Each resource that a scope has nothing to do with, said at `here` of `shown`. */
function validateCountable(scope: string, { hard }: QuotaSpec, here: FieldPath, shown: unknown): FieldError[] {
  if (!Object.hasOwn(scopes, scope)) return [];
  const wrong = Object.keys(hard ?? {}).filter((name) => isQuotaResource(name) && !scopes[scope]?.includes(name));
  return wrong.map(() => invalidField(here, shown, 'unsupported scope applied to resource'));
}

function validateConflicts(named: readonly string[], here: FieldPath, shown: unknown): FieldError[] {
  const pairs = conflicting.filter((pair) => pair.every((scope) => named.includes(scope)));
  return pairs.map(() => invalidField(here, shown, 'conflicting scopes'));
}

function validateScopes(spec: QuotaSpec): FieldError[] {
  const named = spec.scopes ?? [];
  const here = at.child('scopes');
  return [
    ...named.flatMap((scope) => [
      ...(Object.hasOwn(scopes, scope) ? [] : [invalidField(here, named, 'unsupported scope')]),
      ...validateCountable(scope, spec, here, named),
    ]),
    ...validateConflicts(named, here, named),
  ];
}

const onlyExists =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

/** Scopes that a pod is in or is not, and that have no values. */
const plainScopes = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];

function validateOperator({ scopeName, operator, values = [] }: Requirement, here: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (plainScopes.includes(scopeName) && operator !== 'Exists') errors.push(invalidField(here.child('operator'), operator, onlyExists));
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return errors;
    const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    return [...errors, required(here.child('values'), detail)];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return errors;
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    return [...errors, invalidField(here.child('values'), values, detail)];
  }
  return [...errors, invalidField(here.child('operator'), operator, 'not a valid selector operator')];
}

function validateScopeSelector(spec: QuotaSpec): FieldError[] {
  if (spec.scopeSelector === undefined) return [];
  const requirements = spec.scopeSelector.matchExpressions ?? [];
  const here = at.child('scopeSelector', 'matchExpressions');
  const shown = internalForm('core.v1.ScopeSelector', spec.scopeSelector);
  const named = requirements.map(({ scopeName }) => scopeName);
  return [
    ...requirements.flatMap((requirement) => [
      ...(Object.hasOwn(scopes, requirement.scopeName)
        ? []
        : [invalidField(here.child('scopeName'), requirement.scopeName, 'unsupported scope')]),
      ...validateCountable(requirement.scopeName, spec, here, shown),
      ...validateOperator(requirement, here),
    ]),
    ...validateConflicts(named, here, shownAsSent(spec, 'scopes')),
  ];
}

export function validateQuota({ spec }: ResourceQuota, old: ResourceQuota | undefined): FieldError[] {
  const errors = [...validateAmounts(spec.hard, at.child('hard')), ...validateScopes(spec), ...validateScopeSelector(spec)];
  if (old === undefined) return errors;
  const [now, before] = [new Set(spec.scopes), new Set(old.spec.scopes)];
  const isSame = now.size === before.size && [...now].every((scope) => before.has(scope));
  return isSame ? errors : [...errors, invalidField(at.child('scopes'), shownAsSent(spec, 'scopes'), 'field is immutable')];
}

export function validateQuotaStatus({ status }: ResourceQuota): FieldError[] {
  const here = path('status');
  return [...validateAmounts(status.hard, here.child('hard')), ...validateAmounts(status.used, here.child('used'))];
}
