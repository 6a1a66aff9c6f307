import type { ApiGroup } from '@keelson/server';
import { builtInGroups } from '../built-in-groups.js';

/** Every built-in group, new each time as far as it belongs to one server. Nobody is told whose a token is, or is given one. */
export function allBuiltInGroups(): readonly ApiGroup[] {
  return builtInGroups({
    eventTtlSeconds: 3600,
    clusterIpRanges: ['10.0.0.0/24'],
    nodePortRange: { first: 30_000, last: 32_767 },
    reviewers: {
      tokenReviewer: { reviewToken: () => Promise.reject(new Error('nobody asks whose a token is')) },
      authorizer: { authorize: () => ({ decision: 'noOpinion' }) },
      subjectRules: { rulesFor: async () => ({ resourceRules: [], nonResourceRules: [], incomplete: true }) },
    },
    serviceAccountTokens: { audiences: [], issuer: { issue: () => Promise.reject(new Error('nobody asks for a token')) } },
  });
}
