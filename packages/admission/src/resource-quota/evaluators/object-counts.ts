import type { GroupResource } from '@keelson/machinery';
import { formatGroupResource } from '@keelson/machinery';
import { ONE } from '../amounts.js';
import { objectCountName, type QuotaEvaluator } from './evaluator.js';

/** Resources that had a name of their own before everything could be counted. */
const OWN_NAMES = new Set(['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets']);

/** Counts objects. */
export function objectCounts(resource: GroupResource): QuotaEvaluator {
  const own = formatGroupResource(resource);
  const names = [objectCountName(resource), ...(OWN_NAMES.has(own) ? [own] : [])];
  const usage = new Map(names.map((name) => [name, ONE]));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    tracks: (name) => usage.has(name),
    usage: () => usage,
  };
}
