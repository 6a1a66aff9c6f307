import { formatGroupResource, type GroupResource } from '@keelson/machinery';
import type { QuotaEvaluator } from './evaluator.js';
import { objectCounts } from './object-counts.js';
import { persistentVolumeClaims } from './persistent-volume-claims.js';
import { pods } from './pods.js';
import { resourceClaims } from './resource-claims.js';
import { services } from './services.js';

/** Resources of which more is measured than their number. */
const MEASURED: Readonly<Record<string, QuotaEvaluator>> = {
  pods: pods as QuotaEvaluator,
  services: services as QuotaEvaluator,
  persistentvolumeclaims: persistentVolumeClaims as QuotaEvaluator,
  'resourceclaims.resource.k8s.io': resourceClaims as QuotaEvaluator,
};

/** What is not kept, or comes and goes by itself. */
const UNCOUNTED = new Set([
  'bindings',
  'componentstatuses',
  'events',
  'events.events.k8s.io',
  'tokenreviews.authentication.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
]);

const counting = new Map<string, QuotaEvaluator>();

/** What measures a resource that is served; undefined when it has no quota. */
export function evaluatorFor(resource: GroupResource): QuotaEvaluator | undefined {
  const name = formatGroupResource(resource);
  if (UNCOUNTED.has(name)) return undefined;
  const known = Object.hasOwn(MEASURED, name) ? MEASURED[name] : counting.get(name);
  if (known !== undefined) return known;
  const made = objectCounts(resource);
  counting.set(name, made);
  return made;
}

/** The resource that something is measured of, by its name in a quota; undefined when it is no such name. */
export function measuredResource(name: string): GroupResource | undefined {
  const measured = Object.keys(MEASURED).find((resource) => MEASURED[resource]?.tracks(name));
  const [resource = '', ...group] = (measured ?? name.replace(/^count\//, '')).split('.');
  const found = { group: group.join('.'), resource };
  if (measured !== undefined) return found;
  return !UNCOUNTED.has(formatGroupResource(found)) && objectCounts(found).tracks(name) ? found : undefined;
}
