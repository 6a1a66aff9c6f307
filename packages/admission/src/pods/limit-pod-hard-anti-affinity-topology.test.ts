import type { ApiError } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods } from '../testing/attributes.js';
import { limitPodHardAntiAffinityTopology } from './limit-pod-hard-anti-affinity-topology.js';

async function judged(affinity: core.v1.Affinity | undefined, subresource = ''): Promise<string> {
  const object: core.v1.Pod = { metadata: { name: 'web' }, spec: { containers: [], ...(affinity && { affinity }) }, status: {} };
  const written = attributes(pods, 'CREATE', object, { subresource });
  const error = (await failureOf(() => limitPodHardAntiAffinityTopology.validate?.(written))) as ApiError | undefined;
  return error?.message ?? 'admitted';
}

const required = (...keys: string[]) => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: keys.map((topologyKey) => ({ topologyKey })) },
});

describe('LimitPodHardAntiAffinityTopology', () => {
  it('lets pods keep others away from their node only', async () => {
    expect(await judged(undefined)).toBe('admitted');
    expect(await judged(required('kubernetes.io/hostname'))).toBe('admitted');
    expect(await judged(required('kubernetes.io/hostname', 'zone', 'region'))).toBe(
      'pods "web" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed',
    );
  });

  it('leaves what is only preferred, and subresources', async () => {
    const term = { weight: 1, podAffinityTerm: { topologyKey: 'zone' } };
    expect(await judged({ podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term] } })).toBe('admitted');
    expect(await judged(required('zone'), 'status')).toBe('admitted');
  });
});
