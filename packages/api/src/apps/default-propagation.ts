import type { DeleteContext, PropagationPolicy } from '@keelson/server';

/** What a workload has made goes with it, but clients from before that was so expect it to stay. */
export function defaultPropagation({ apiVersion }: DeleteContext): PropagationPolicy {
  return apiVersion === 'apps/v1' ? 'Background' : 'Orphan';
}
