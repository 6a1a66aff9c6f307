import type { AdmissionAttributes, GroupResource, KubeObject, ObjectAccess } from '@keelson/machinery';
import { NamespaceLabels } from '../matching/namespace-labels.js';
import { RequestKinds } from '../matching/request-kinds.js';
import { Binding } from './binding.js';
import { Policy } from './policy.js';
import type { BindingObject, BindingSpec, PolicyObject, PolicySpec } from './policy-objects.js';

/** A policy that is at work, with its bindings. */
export interface BoundPolicy<P, B> {
  readonly policy: P;
  readonly bindings: readonly B[];
}

/** Where the objects are, and what becomes of them. */
export interface PolicyKind<S extends PolicySpec, R> {
  readonly version: string;
  readonly policies: string;
  readonly bindings: string;
  compile(spec: S): R;
}

const GROUP = 'admissionregistration.k8s.io';

/** Who decides what is admitted must stay within reach, and who asks what it may do changes nothing. */
const EXEMPT: Readonly<Record<string, ReadonlySet<string>>> = {
  [GROUP]: new Set(['validating', 'mutating'].flatMap((kind) => [`${kind}admissionpolicies`, `${kind}admissionpolicybindings`])),
  'authentication.k8s.io': new Set(['selfsubjectreviews', 'tokenreviews']),
  'authorization.k8s.io': new Set([
    'localsubjectaccessreviews',
    'selfsubjectaccessreviews',
    'selfsubjectrulesreviews',
    'subjectaccessreviews',
  ]),
};

function isExempt({ group, resource }: GroupResource): boolean {
  return EXEMPT[group]?.has(resource) ?? false;
}

/** The policies that have bindings, by their names; so their bindings. */
export class PolicyIndex<S extends PolicySpec, T extends BindingSpec, R> {
  readonly #policies = new Map<string, Policy<S, R>>();
  readonly #bindings = new Map<string, Binding<T>>();
  /** Undefined while it is to be made from what was changed. */
  #all: readonly BoundPolicy<Policy<S, R>, Binding<T>>[] | undefined = [];
  #concerned = new RequestKinds<readonly BoundPolicy<Policy<S, R>, Binding<T>>[]>();

  constructor(objects: ObjectAccess, { version, policies, bindings, compile }: PolicyKind<S, R>) {
    const namespaces = NamespaceLabels.of(objects);
    const resource = (name: string) => ({ group: GROUP, version, resource: name });
    const policyOf = (object: PolicyObject<S>) => new Policy(object, namespaces, compile);
    const bindingOf = (object: BindingObject<T>) => new Binding(object, namespaces);
    objects.follow<PolicyObject<S>>(resource(policies), this.#keeping(this.#policies, policyOf));
    objects.follow<BindingObject<T>>(resource(bindings), this.#keeping(this.#bindings, bindingOf));
  }

  /** Those that may be about such requests. */
  concerned(attributes: AdmissionAttributes): readonly BoundPolicy<Policy<S, R>, Binding<T>>[] {
    const all = this.#all ?? this.#join();
    if (all.length === 0) return all;
    const find = () => (isExempt(attributes.resource) ? [] : all.filter(({ policy }) => policy.concerns(attributes)));
    return this.#concerned.of(attributes, find);
  }

  #keeping<O extends KubeObject, V>(kept: Map<string, V>, make: (object: O) => V) {
    return {
      set: (object: O) => {
        kept.set(object.metadata.name ?? '', make(object));
        this.#all = undefined;
      },
      delete: (object: O) => {
        kept.delete(object.metadata.name ?? '');
        this.#all = undefined;
      },
    };
  }

  #join(): readonly BoundPolicy<Policy<S, R>, Binding<T>>[] {
    const byPolicy = new Map<string, Binding<T>[]>();
    for (const binding of byName(this.#bindings.values())) {
      const { policyName = '' } = binding.spec;
      const others = byPolicy.get(policyName);
      if (others === undefined) byPolicy.set(policyName, [binding]);
      else others.push(binding);
    }
    const all = byName(this.#policies.values())
      .map((policy) => ({ policy, bindings: byPolicy.get(policy.name) ?? [] }))
      .filter(({ bindings }) => bindings.length > 0);
    this.#all = all;
    this.#concerned = new RequestKinds();
    return all;
  }
}

function byName<T extends { readonly name: string }>(all: Iterable<T>): T[] {
  return [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
}
