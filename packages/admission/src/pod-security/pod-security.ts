import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  aggregate,
  type FieldError,
  forbidden,
  internalError,
  invalid,
  type Json,
  type KubeObject,
  type Labels,
  type Log,
  type ObjectReader,
  quote,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { NamespaceLabels } from '../matching/namespace-labels.js';
import { onCreateAndUpdate } from '../operations.js';
import type { PluginHost } from '../plugin-host.js';
import { type PodSecurityConfiguration, readPodSecurityConfiguration } from './configuration.js';
import { warningsOfExistingPods } from './existing-pods.js';
import { labelsMode, type NamespacePolicy, namespacePolicy } from './namespace-policy.js';
import type { PodSecurityEvents } from './pod-security-events.js';
import { type DescribedPod, hasPodTemplate, podTemplateOf } from './pod-template.js';
import {
  equivalentPolicies,
  formatStandard,
  isFullyPrivileged,
  type LevelVersion,
  MODES,
  type Mode,
  mayBeStricter,
  type Policy,
  PRIVILEGED,
  sameStandard,
} from './policy.js';
import { formatPolicyVersion, isKnownVersion } from './policy-version.js';
import { isSignificantUpdate } from './significant-update.js';
import { violationsOf } from './standards.js';
import { describeViolations, type Violation } from './violation.js';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const ANNOTATIONS = 'pod-security.kubernetes.io/';

/** Subresources through which the spec of a pod cannot be changed. */
const OTHER_SUBRESOURCES = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);

type PodSecurityHost = Pick<PluginHost, 'objects' | 'log' | 'podSecurity' | 'features'>;

/** The labels of a namespace could not be found out. */
interface LookupFailure {
  readonly failure: Error;
}

/** Holds pods to the Pod Security Standards that the labels of their namespace name. */
export class PodSecurity implements AdmissionPlugin {
  readonly name = 'PodSecurity';
  readonly handles = onCreateAndUpdate;
  readonly #configuration: PodSecurityConfiguration;
  readonly #labels: NamespaceLabels;
  readonly #pods: ObjectReader<core.v1.Pod>;
  readonly #log: Log;
  readonly #events: PodSecurityEvents;
  readonly #relaxUserNamespaces: boolean;
  /** By the labels of a namespace, which change as a whole. */
  readonly #policies = new WeakMap<Labels, NamespacePolicy>();

  constructor({ objects, log, podSecurity, features }: PodSecurityHost, configuration?: Json) {
    this.#configuration = readPodSecurityConfiguration(configuration);
    this.#labels = NamespaceLabels.of(objects);
    this.#pods = objects.reader(PODS);
    this.#log = log;
    this.#events = podSecurity;
    this.#relaxUserNamespaces = features.get('UserNamespacesPodSecurityStandards') === true;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | void {
    const { resource, subresource } = attributes;
    if (resource.group === '' && resource.resource === 'pods') {
      if (!OTHER_SUBRESOURCES.has(subresource)) return this.#validatePod(attributes);
    } else if (subresource === '') {
      if (resource.group === '' && resource.resource === 'namespaces') return this.#validateNamespace(attributes);
      if (hasPodTemplate(resource)) return this.#validateTemplate(attributes);
    }
  }

  async #validateNamespace(attributes: AdmissionAttributes): Promise<void> {
    const { kind, name, object, oldObject } = attributes;
    const labels = object?.metadata.labels ?? {};
    const { policy, errors } = this.#policyOf(labels);
    if (oldObject === undefined) {
      if (errors.length > 0) throw invalid(kind, name, errors);
      this.#warnIfExempt(attributes, policy, labels);
      return;
    }
    const old = this.#policyOf(oldObject.metadata.labels ?? {});
    if (errors.length > 0 && !sameErrors(errors, old.errors)) throw invalid(kind, name, errors);
    if (sameStandard(policy.enforce, old.policy.enforce) || !mayBeStricter(old.policy.enforce, policy.enforce)) return;
    if (this.#warnIfExempt(attributes, policy, labels)) return;
    for (const warning of await this.#existingPods(attributes, policy.enforce)) attributes.warn(warning);
  }

  /** Whether the namespace is exempt; whoever gives it a policy all the same is told. */
  #warnIfExempt(attributes: AdmissionAttributes, policy: Policy, labels: Labels): boolean {
    const { defaults, exempt } = this.#configuration;
    const { name } = attributes;
    if (!exempt.namespaces.has(name)) return false;
    if (!isFullyPrivileged(policy) && !equivalentPolicies(policy, defaults)) attributes.warn(ignoredPolicy(name, policy, labels));
    return true;
  }

  async #existingPods({ name, deadlineAtMs }: AdmissionAttributes, standard: LevelVersion): Promise<string[]> {
    const { runtimeClasses } = this.#configuration.exempt;
    let pods: core.v1.Pod[];
    try {
      pods = await this.#pods.list(name);
    } catch (error) {
      this.#log.error('pods of a namespace could not be listed', { namespace: name, error });
      return ['failed to list pods while checking new PodSecurity enforce level'];
    }
    const relaxUserNamespaces = this.#relaxUserNamespaces;
    return warningsOfExistingPods(standard, {
      namespace: name,
      pods,
      exemptRuntimeClasses: runtimeClasses,
      relaxUserNamespaces,
      deadlineAtMs,
    });
  }

  async #validatePod(attributes: AdmissionAttributes): Promise<void> {
    if (this.#isExempt(attributes)) return;
    const found = await this.#policyOfNamespace(attributes);
    if ('failure' in found) {
      this.#events.failed(attributes, true);
      const refusal = internalError(new Error(noNamespace(attributes), { cause: found.failure }));
      annotate(attributes, 'error', `${refusal.message}: ${found.failure.message}`);
      throw refusal;
    }
    const { policy, errors } = found;
    if (errors.length === 0 && isFullyPrivileged(policy)) {
      annotate(attributes, 'enforce-policy', formatStandard(PRIVILEGED.enforce));
      this.#count(attributes, policy, 'enforce', true);
      return;
    }
    const pod = attributes.object as core.v1.Pod;
    const old = attributes.oldObject as core.v1.Pod | undefined;
    if (old === undefined || isSignificantUpdate(pod.spec, old.spec)) this.#evaluate(attributes, found, pod, true);
  }

  /** Templates are not refused: their pods would be. */
  async #validateTemplate(attributes: AdmissionAttributes): Promise<void> {
    if (this.#isExempt(attributes)) return;
    const found = await this.#policyOfNamespace(attributes);
    if ('failure' in found) {
      this.#events.failed(attributes, true);
      annotate(attributes, 'error', `${noNamespace(attributes)}: ${found.failure.message}`);
      return;
    }
    const { policy, errors } = found;
    if (errors.length === 0 && policy.warn.level === 'privileged' && policy.audit.level === 'privileged') return;
    const template = podTemplateOf(attributes.resource, attributes.object as KubeObject);
    if (template !== undefined) this.#evaluate(attributes, found, template, false);
  }

  #isExempt(attributes: AdmissionAttributes): boolean {
    const { namespaces, usernames } = this.#configuration.exempt;
    const why = namespaces.has(attributes.namespace) ? 'namespace' : usernames.has(attributes.user.name) ? 'user' : undefined;
    if (why !== undefined) this.#exempt(attributes, why);
    return why !== undefined;
  }

  #exempt(attributes: AdmissionAttributes, why: 'namespace' | 'user' | 'runtimeClass'): void {
    annotate(attributes, 'exempt', why);
    this.#events.exempted(attributes);
  }

  async #policyOfNamespace(attributes: AdmissionAttributes): Promise<NamespacePolicy | LookupFailure> {
    try {
      return this.#policyOf(await this.#labels.of(attributes));
    } catch (error) {
      this.#log.error(noNamespace(attributes), { error });
      return { failure: error as Error };
    }
  }

  #policyOf(labels: Labels): NamespacePolicy {
    let policy = this.#policies.get(labels);
    if (policy === undefined) {
      policy = namespacePolicy(labels, this.#configuration.defaults);
      this.#policies.set(labels, policy);
    }
    return policy;
  }

  #evaluate(attributes: AdmissionAttributes, { policy, errors }: NamespacePolicy, pod: DescribedPod, enforced: boolean): void {
    if (this.#configuration.exempt.runtimeClasses.has(pod.spec.runtimeClassName ?? '')) {
      this.#exempt(attributes, 'runtimeClass');
      return;
    }
    if (errors.length > 0) {
      annotate(attributes, 'error', `Failed to parse policy: ${aggregate(errors.map(String))}`);
      this.#events.failed(attributes, false);
    }
    const violations = violationsByStandard(pod, this.#relaxUserNamespaces);
    const refused = enforced ? violations(policy.enforce) : [];
    if (enforced) {
      annotate(attributes, 'enforce-policy', formatStandard(policy.enforce));
      this.#count(attributes, policy, 'enforce', refused.length === 0);
    }
    const audited = violations(policy.audit);
    if (audited.length > 0) {
      annotate(attributes, 'audit-violations', `would violate ${described(policy.audit, audited)}`);
      this.#count(attributes, policy, 'audit', false);
    }
    if (refused.length > 0) throw forbidden(attributes.resource, attributes.name, `violates ${described(policy.enforce, refused)}`);
    const warned = violations(policy.warn);
    if (warned.length > 0) {
      attributes.warn(`would violate ${described(policy.warn, warned)}`);
      this.#count(attributes, policy, 'warn', false);
    }
  }

  /** Where nothing is forbidden versions do not differ. */
  #count(attributes: AdmissionAttributes, policy: Policy, mode: Mode, allowed: boolean): void {
    const { level, version } = policy[mode];
    const counted = level === 'privileged' ? 'latest' : isKnownVersion(version) ? formatPolicyVersion(version) : 'future';
    this.#events.evaluated(attributes, allowed, mode, level, counted);
  }
}

function annotate(attributes: AdmissionAttributes, key: string, value: string): void {
  attributes.annotate(ANNOTATIONS + key, value);
}

function noNamespace({ namespace }: AdmissionAttributes): string {
  return `failed to lookup namespace ${quote(namespace)}`;
}

function sameErrors(a: readonly FieldError[], b: readonly FieldError[]): boolean {
  return a.length === b.length && a.every((error, i) => String(error) === String(b[i]));
}

/** Looks at a pod once for each standard, whichever modes name it. */
function violationsByStandard(pod: DescribedPod, relaxUserNamespaces: boolean): (standard: LevelVersion) => readonly Violation[] {
  const known = new Map<string, readonly Violation[]>();
  return (standard) => {
    const key = formatStandard(standard);
    const found = known.get(key) ?? violationsOf(standard, pod, relaxUserNamespaces);
    known.set(key, found);
    return found;
  };
}

function described(standard: LevelVersion, violations: readonly Violation[]): string {
  return `PodSecurity ${quote(formatStandard(standard))}: ${describeViolations(violations)}`;
}

function ignoredPolicy(namespace: string, policy: Policy, labels: Labels): string {
  const said = MODES.filter((mode) => policy[mode].level !== 'privileged' && labelsMode(labels, mode));
  const text = said.map((mode) => `${mode}=${formatStandard(policy[mode])}`).join(', ');
  return `namespace ${quote(namespace)} is exempt from Pod Security, and the policy (${text}) will be ignored`;
}
