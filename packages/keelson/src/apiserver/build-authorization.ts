import { readFileSync } from 'node:fs';
import type { SubjectRules } from '@keelson/api';
import {
  AbacAuthorizer,
  alwaysAllow,
  alwaysDeny,
  type HeldRules,
  NodeAuthorizer,
  Policy,
  PrivilegedGroupsAuthorizer,
  privilegedGroup,
  RbacAuthorizer,
  readAbacPolicies,
  UnionAuthorizer,
} from '@keelson/auth';
import { nodeRules } from '@keelson/controllers';
import { type Authorizer, aggregate, nodeNameOf, type ObjectAccess, type UserInfo } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import { followNodeGraph } from './follow-node-graph.js';
import { followPolicy } from './follow-policy.js';
import type { AuthorizationMode, AuthorizationOptions } from './options.js';

/** What the mode RBAC works with: the policy follows the store. */
export interface Rbac {
  readonly policy: Policy;
  readonly authorizer: RbacAuthorizer;
}

export interface Authorization {
  /** Decides on requests: asks the modes in their order, after the group that may do everything. */
  readonly authorizer: Authorizer;
  /** Absent when it is not among the modes. */
  readonly rbac?: Rbac;
  /** What a user may do in a namespace, as far as the modes can tell. */
  rulesFor(user: UserInfo, namespace: string): Promise<SubjectRules>;
}

/** One of the modes: decides, and lists what it would allow. */
interface Mode {
  readonly authorizer: Authorizer;
  rulesFor(user: UserInfo, namespace: string): Promise<SubjectRules>;
}

const NOTHING: SubjectRules = { resourceRules: [], nonResourceRules: [], incomplete: false };

const EVERYTHING: SubjectRules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

/** What authorizers are made from. */
export interface AuthorizationParts {
  readonly objects: ObjectAccess;
  readonly metrics: Instruments['authorization'];
  /** Whether pod certificate requests are served. */
  readonly podCertificates: boolean;
  readonly log: Log;
}

export function buildAuthorization(options: AuthorizationOptions, parts: AuthorizationParts): Authorization {
  const { modes } = options;
  const { objects, metrics } = parts;
  const rbac = modes.includes('RBAC') ? buildRbac(objects) : undefined;
  const built = modes.map((name) => {
    const mode = modeOf(name, rbac, options, parts);
    return { ...mode, authorizer: metrics.counted(name, name.toLowerCase(), mode.authorizer) };
  });
  return {
    authorizer: new UnionAuthorizer([new PrivilegedGroupsAuthorizer([privilegedGroup]), ...built.map(({ authorizer }) => authorizer)]),
    ...(rbac && { rbac }),
    rulesFor: async (user, namespace) => together(await Promise.all(built.map((mode) => mode.rulesFor(user, namespace)))),
  };
}

function buildRbac(objects: ObjectAccess): Rbac {
  const policy = new Policy();
  followPolicy(policy, objects);
  return { policy, authorizer: new RbacAuthorizer(policy) };
}

function modeOf(name: AuthorizationMode, rbac: Rbac | undefined, { policyFile }: AuthorizationOptions, parts: AuthorizationParts): Mode {
  if (name === 'AlwaysAllow') return { authorizer: alwaysAllow, rulesFor: async () => EVERYTHING };
  if (name === 'AlwaysDeny') return { authorizer: alwaysDeny, rulesFor: async () => NOTHING };
  if (name === 'Node') return nodeMode(parts);
  if (name === 'ABAC' && policyFile !== undefined) return abacMode(policyFile, parts);
  if (rbac === undefined || name !== 'RBAC') throw new Error(`authorization mode ${name} has no authorizer`);
  const { authorizer } = rbac;
  return {
    authorizer,
    rulesFor: async (user, namespace) => listed(await authorizer.heldBy(user, namespace)),
  };
}

function abacMode(policyFile: string, { log }: AuthorizationParts): Mode {
  const { policies, unversioned } = readAbacPolicies(policyFile, readFileSync(policyFile, 'utf8'));
  if (unversioned) log.warn('the policy file has lines without apiVersion and kind, which are read as before v1.3', { file: policyFile });
  const authorizer = new AbacAuthorizer(policies);
  return { authorizer, rulesFor: async (user, namespace) => listed(authorizer.rulesFor(user, namespace)) };
}

/** What a node may do depends on what is on it, and is not listed. */
function nodeMode({ objects, podCertificates }: AuthorizationParts): Mode {
  const unknown: SubjectRules = {
    ...NOTHING,
    incomplete: true,
    evaluationError: 'node authorizer does not support user rule resolution',
  };
  return {
    authorizer: new NodeAuthorizer({ graph: followNodeGraph(objects), rules: nodeRules, podCertificates }),
    rulesFor: async (user) => (nodeNameOf(user) === undefined ? NOTHING : unknown),
  };
}

function listed({ rules, errors }: HeldRules): SubjectRules {
  return {
    resourceRules: rules.flatMap(({ nonResourceURLs, ...rule }) => (rule.resources?.length ? rule : [])),
    nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs }) => (nonResourceURLs?.length ? { verbs, nonResourceURLs } : [])),
    incomplete: false,
    ...(errors.length > 0 && { evaluationError: aggregate(errors) }),
  };
}

function together(parts: readonly SubjectRules[]): SubjectRules {
  const errors = parts.flatMap(({ evaluationError }) => evaluationError ?? []);
  return {
    resourceRules: parts.flatMap(({ resourceRules }) => resourceRules),
    nonResourceRules: parts.flatMap(({ nonResourceRules }) => nonResourceRules),
    incomplete: parts.some(({ incomplete }) => incomplete),
    ...(errors.length > 0 && { evaluationError: aggregate(errors) }),
  };
}
