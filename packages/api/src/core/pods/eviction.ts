import {
  ApiError,
  badRequest,
  compileObjectSelector,
  forbidden,
  hasReason,
  internalError,
  invalid,
  invalidField,
  type JsonObject,
  type KubeObject,
  type Preconditions,
  path,
} from '@keelson/machinery';
import { type core, policy } from '@keelson/schema';
import { type ActionSubresource, createdStatus, type Resource, type SubresourceCreateRequest } from '@keelson/server';
import { markEvicted } from './disruption-target.js';

type Pod = core.v1.Pod;
type Budget = policy.v1.PodDisruptionBudget;
type Eviction = policy.v1.Eviction;

/** Evictions that no controller has confirmed are counted in the budget; so many are too many. */
const maxUnconfirmed = 2000;
/** Attempts when the pod changes between looking at it and deleting it. */
const attempts = 5;
const violated = "Cannot evict pod as it would violate the pod's disruption budget.";

/** A pod that does no work any more, or none yet, disrupts nothing. */
function needsNoBudget({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status.phase ?? '');
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** What the budget says of evicting a pod that is not ready (KEP-3017). */
function allowsUnready({ spec, status }: Budget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

async function budgetsOf(budgets: Resource, namespace: string, { metadata }: Pod): Promise<Budget[]> {
  const page = await budgets.store.list({ path: `${namespace}/` }, { freshness: { at: 'consistent' } });
  return [...page.items]
    .map(({ value }) => budgets.form.decode(value) as Budget)
    .filter(({ spec }) => compileObjectSelector(spec.selector).matches(metadata.labels));
}

function tooMany(message: string, retryAfterSeconds = 0): ApiError {
  return new ApiError(429, 'TooManyRequests', violated, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}

function beingProcessed(budget: string): ApiError {
  return tooMany(`The disruption budget ${budget} is still being processed by the server.`, 10);
}

function refusal({ metadata, status }: Budget): ApiError | undefined {
  const { name = '' } = metadata;
  const { disruptionsAllowed = 0, disruptedPods = {}, desiredHealthy = 0, currentHealthy = 0 } = status;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return beingProcessed(name);
  }
  const pods = { group: '', resource: 'pods' };
  if (disruptionsAllowed < 0) return forbidden(pods, name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > maxUnconfirmed) {
    return forbidden(pods, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (disruptionsAllowed > 0) return undefined;
  const failed = status.conditions?.find(
    ({ type, status, reason }) => type === 'DisruptionAllowed' && status === 'False' && reason === 'SyncFailed',
  );
  if (failed)
    return tooMany(`The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`);
  return tooMany(`The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`);
}

/** Says in the budget's condition that it is used up, once it is. */
function usedUp(budget: Budget, now: string): void {
  const others = (budget.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionAllowed');
  const before = budget.status.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const lastTransitionTime = before?.status === 'False' ? before.lastTransitionTime : now;
  const condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    observedGeneration: budget.status.observedGeneration ?? 0,
    lastTransitionTime,
    reason: 'InsufficientPods',
    message: '',
  };
  budget.status.conditions = [...others, condition];
}

/** Takes one disruption from the budget, for this pod. */
async function spend(
  budgets: Resource,
  namespace: string,
  budget: string,
  pod: string,
  { dryRun, now }: { readonly dryRun: boolean; readonly now: string },
) {
  const spent = (value: Buffer): Uint8Array => {
    const current = budgets.form.decode(value) as Budget;
    const refused = refusal(current);
    if (refused !== undefined) throw refused;
    current.status.disruptionsAllowed -= 1;
    current.status.disruptedPods = { ...current.status.disruptedPods, [pod]: now };
    if (current.status.disruptionsAllowed === 0) usedUp(current, now);
    return budgets.form.encode(current);
  };
  const at = budgets.path(namespace, budget);
  if (dryRun) {
    const { object } = await budgets.store.get(at, { at: 'consistent' });
    if (object !== undefined) spent(object.value);
    return;
  }
  await budgets.store.update(at, (current) => {
    // A budget that is gone protects nothing.
    if (current === undefined) return { action: 'keep' };
    return { action: 'put', value: spent(current.value) };
  });
}

/** Asks the pod's budget. Gives its name where the answer holds only for the pod as it was seen. */
async function askBudget(budgets: Resource, pod: Pod, request: SubresourceCreateRequest, dryRun: boolean): Promise<string | undefined> {
  const { namespace, name, context } = request;
  const [budget, another] = await budgetsOf(budgets, namespace, pod);
  if (budget === undefined) return undefined;
  if (another !== undefined) {
    throw internalError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  }
  const { name: asked = '' } = budget.metadata;
  if (!isReady(pod) && allowsUnready(budget)) return asked;
  await spend(budgets, namespace, asked, name, { dryRun, now: context.now });
  return undefined;
}

function asSeen(options: JsonObject, pod: Pod): JsonObject {
  const { resourceVersion = '' } = pod.metadata;
  return { ...options, preconditions: { ...(options.preconditions as JsonObject | undefined), resourceVersion } };
}

/** How the pod is deleted: dry runs are asked for in the query or, as kubectl does, in the body. */
function deleteOptions({ deleteOptions: given, metadata: { name = '' } }: Eviction, { context }: SubresourceCreateRequest): JsonObject {
  const options = (given ?? {}) as JsonObject;
  if (given?.ignoreStoreReadErrorWithClusterBreakingPotential) throw breaksReadErrors(name);
  return context.dryRun && !isDryRun(options) ? { ...options, dryRun: ['All'] } : options;
}

function breaksReadErrors(name: string): ApiError {
  const field = path('deleteOptions', 'ignoreStoreReadErrorWithClusterBreakingPotential');
  const detail = 'can not be set for pod eviction, try after removing the option';
  return invalid({ group: 'policy', kind: 'Eviction' }, name, [invalidField(field, true, detail)]);
}

function isDryRun({ dryRun }: JsonObject): boolean {
  return Array.isArray(dryRun) && dryRun.length > 0;
}

function pinsVersion({ preconditions }: JsonObject): boolean {
  return ((preconditions ?? {}) as Preconditions).resourceVersion !== undefined;
}

async function evict(budgets: Resource, pods: Resource, eviction: Eviction, request: SubresourceCreateRequest): Promise<void> {
  const options = deleteOptions(eviction, request);
  const dryRun = isDryRun(options);
  const remove = async (asked: JsonObject) => request.deleteParent(dryRun ? asked : await markEvicted(pods, request, asked));
  const pod = await evictIdle(options, request, remove);
  if (pod === undefined) return;
  const allowedBy = await askBudget(budgets, pod, request, dryRun);
  try {
    await remove(allowedBy === undefined ? options : asSeen(options, pod));
  } catch (error) {
    if (allowedBy !== undefined && !pinsVersion(options) && hasReason(error, 'Conflict')) throw beingProcessed(allowedBy);
    throw error;
  }
}

/**
 * Deletes a pod that needs no budget, however often it changes meanwhile, unless one version of it is asked for.
 * Gives the pod when it needs one.
 */
async function evictIdle(
  options: JsonObject,
  request: SubresourceCreateRequest,
  remove: (asked: JsonObject) => Promise<void>,
): Promise<Pod | undefined> {
  for (let attempt = 1; ; attempt++) {
    const pod = (await request.getParent()) as Pod;
    if (!needsNoBudget(pod)) return pod;
    try {
      await remove(pod.status.phase === 'Pending' && !pinsVersion(options) ? asSeen(options, pod) : options);
      return undefined;
    } catch (error) {
      if (attempt === attempts || pinsVersion(options) || !hasReason(error, 'Conflict')) throw error;
    }
  }
}

/** `pods/<name>/eviction`: deletes a pod if its disruption budget allows it. */
export function eviction(budgets: Resource, pods: () => Resource): ActionSubresource {
  return {
    type: 'action',
    kind: policy.v1.Eviction,
    // Kubernetes still takes what clients of the beta send.
    alsoTaken: [policy.v1beta1.Eviction],
    async create(object: KubeObject, request) {
      if (object.metadata.name !== request.name) throw badRequest('name in URL does not match name in Eviction object');
      await request.validateAdmission();
      await evict(budgets, pods(), object as Eviction, request);
      return createdStatus();
    },
  };
}
