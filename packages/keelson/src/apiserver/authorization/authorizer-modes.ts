import { readFileSync } from 'node:fs';
import type { SubjectRules } from '@keelson/api';
import {
  AbacAuthorizer,
  type AuthorizerConfiguration,
  type AuthorizerType,
  alwaysAllow,
  alwaysDeny,
  CelMatchConditions,
  type HeldRules,
  NodeAuthorizer,
  type RbacAuthorizer,
  RemoteAccessReviewer,
  readAbacPolicies,
  WebhookAuthorizer,
  type WebhookConfiguration,
} from '@keelson/auth';
import { granted, nodeRules } from '@keelson/controllers';
import { type Authorizer, aggregate, type Egress, type Features, nodeNameOf, type ObjectAccess, type UserInfo } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import { kubeconfigServer } from '../kubeconfig-server.js';
import { followNodeGraph } from './follow-node-graph.js';

/** What authorizers are made from. */
export interface AuthorizationParts {
  readonly objects: ObjectAccess;
  readonly metrics: Instruments['authorization'];
  /** Whether pod certificate requests are served. */
  readonly podCertificates: boolean;
  readonly features: Features;
  /** The way to webhooks; Node's own when absent. */
  readonly egress?: Egress;
  readonly log: Log;
}

/** One of the authorizers that are asked: decides, and lists what it would allow. */
export interface Mode {
  readonly authorizer: Authorizer;
  rulesFor(user: UserInfo, namespace: string): Promise<SubjectRules>;
  close?(): void;
}

const NOTHING: SubjectRules = { resourceRules: [], nonResourceRules: [], incomplete: false };

const EVERYTHING: SubjectRules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

/** Makes authorizers as they are configured. Those that follow objects, or read a file of their own, are made once. */
export class AuthorizerModes {
  readonly #parts: AuthorizationParts;
  readonly #rbac: RbacAuthorizer;
  readonly #policyFile: string | undefined;
  readonly #lasting = new Map<AuthorizerType, Mode>();

  constructor(parts: AuthorizationParts, rbac: RbacAuthorizer, policyFile: string | undefined) {
    this.#parts = parts;
    this.#rbac = rbac;
    this.#policyFile = policyFile;
  }

  /** Rejects with why it cannot be made. */
  async make({ type, name, webhook }: AuthorizerConfiguration): Promise<Mode> {
    const mode = webhook === undefined ? this.#last(type) : await this.#webhook(name, webhook);
    return { ...mode, authorizer: this.#parts.metrics.counted(type, name, mode.authorizer) };
  }

  #last(type: AuthorizerType): Mode {
    const mode = this.#lasting.get(type) ?? this.#make(type);
    this.#lasting.set(type, mode);
    return mode;
  }

  #make(type: AuthorizerType): Mode {
    switch (type) {
      case 'AlwaysAllow':
        return { authorizer: alwaysAllow, rulesFor: async () => EVERYTHING };
      case 'AlwaysDeny':
        return { authorizer: alwaysDeny, rulesFor: async () => NOTHING };
      case 'RBAC':
        return { authorizer: this.#rbac, rulesFor: async (user, namespace) => listed(await this.#rbac.heldBy(user, namespace)) };
      case 'ABAC':
        return this.#abac();
      case 'Node':
        return this.#node();
      case 'Webhook':
        throw new Error('a webhook is not configured');
    }
  }

  #abac(): Mode {
    if (this.#policyFile === undefined) throw new FlagError("authorization-mode ABAC's authorization policy file not passed");
    const file = this.#policyFile;
    const { policies, unversioned } = readAbacPolicies(file, readFileSync(file, 'utf8'));
    if (unversioned) this.#parts.log.warn('the policy file has lines without apiVersion and kind, which are read as before v1.3', { file });
    const authorizer = new AbacAuthorizer(policies);
    return { authorizer, rulesFor: async (user, namespace) => listed(authorizer.rulesFor(user, namespace)) };
  }

  /** What a node may do depends on what is on it, and is not listed. */
  #node(): Mode {
    const { objects, podCertificates, features } = this.#parts;
    const reads = ['KubeletServiceAccountTokenForCredentialProviders', 'PodCertificateRequest'].some((feature) => features.get(feature));
    const unknown = unlisted('node authorizer does not support user rule resolution');
    return {
      authorizer: new NodeAuthorizer({
        graph: followNodeGraph(objects),
        rules: granted(nodeRules, features),
        podCertificates,
        readsServiceAccounts: reads,
      }),
      rulesFor: async (user) => (nodeNameOf(user) === undefined ? NOTHING : unknown),
    };
  }

  async #webhook(name: string, configuration: WebhookConfiguration): Promise<Mode> {
    const { metrics, egress = {} } = this.#parts;
    const { kubeConfigFile, matchConditions, authorizedTtlMs, unauthorizedTtlMs, onFailure } = configuration;
    const server = await kubeconfigServer(kubeConfigFile, egress);
    const unknown = unlisted('webhook authorizer does not support user rule resolution');
    return {
      authorizer: new WebhookAuthorizer({
        reviewer: new RemoteAccessReviewer(server, configuration),
        ...(matchConditions.length > 0 && {
          conditions: new CelMatchConditions(matchConditions, metrics.matchConditions('Webhook', name)),
        }),
        observer: metrics.webhook(name),
        authorizedTtlMs,
        unauthorizedTtlMs,
        onFailure,
      }),
      rulesFor: async () => unknown,
      close: () => server.close(),
    };
  }
}

function unlisted(evaluationError: string): SubjectRules {
  return { ...NOTHING, incomplete: true, evaluationError };
}

function listed({ rules, errors }: HeldRules): SubjectRules {
  return {
    resourceRules: rules.flatMap(({ nonResourceURLs, ...rule }) => (rule.resources?.length ? rule : [])),
    nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs }) => (nonResourceURLs?.length ? { verbs, nonResourceURLs } : [])),
    incomplete: false,
    ...(errors.length > 0 && { evaluationError: aggregate(errors) }),
  };
}
