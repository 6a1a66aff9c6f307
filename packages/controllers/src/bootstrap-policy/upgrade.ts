import type { GroupVersionResource, KubeObject } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { aggregatedRules } from './aggregated-rules.js';
import { aggregatedName } from './bootstrap-policy.js';
import { clusterRoleBindingKind, clusterRoleKind } from './policy-kinds.js';

/**
 * Copies what clusters of older releases may have changed to where it belongs now; before the policy is reconciled, for
 * nothing is copied to what is there.
 */
export async function upgradePolicy(client: LoopbackClient): Promise<void> {
  await Promise.all([...Object.keys(aggregatedRules).map((role) => moveRules(client, role)), splitDiscovery(client)]);
}

/** Before v1.9 a role such as `admin` had its rules itself. Now a role of its own has them, and `admin` aggregates. */
async function moveRules(client: LoopbackClient, role: string): Promise<void> {
  const { gvr } = clusterRoleKind;
  const [moved, original] = await both<rbac.v1.ClusterRole>(client, gvr, aggregatedName(role), role);
  if (moved !== undefined || original === undefined || original.aggregationRule !== undefined) return;
  await client.ensure(gvr, { ...original, metadata: copiedMetadata(original, aggregatedName(role)) });
}

/** Before v1.14 whoever could discover the API was also who could see its version; a cluster may have restricted that. */
async function splitDiscovery(client: LoopbackClient): Promise<void> {
  const { gvr } = clusterRoleBindingKind;
  const name = 'system:public-info-viewer';
  const [split, original] = await both<rbac.v1.ClusterRoleBinding>(client, gvr, name, 'system:discovery');
  if (split !== undefined || original === undefined) return;
  const copy = { ...original, metadata: copiedMetadata(original, name), roleRef: { ...original.roleRef, name } };
  await client.ensure(gvr, copy);
}

async function both<T extends KubeObject>(client: LoopbackClient, gvr: GroupVersionResource, ...names: [string, string]) {
  return Promise.all(names.map((name) => client.get(gvr, '', name, { at: 'any' }) as Promise<T | undefined>));
}

function copiedMetadata({ metadata: { labels, annotations } }: KubeObject, name: string): KubeObject['metadata'] {
  return { name, ...(labels && { labels }), ...(annotations && { annotations }) };
}
