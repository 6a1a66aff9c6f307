import { type AuthorizationDecision, quote, type UserInfo } from '@keelson/machinery';
import { CompiledRole } from './compiled-role.js';
import type { PolicyRule } from './policy-rule.js';

interface Named {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** A Role, or a ClusterRole, which has no namespace. */
export interface Role extends Named {
  readonly rules?: readonly PolicyRule[] | null;
}

export interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding, or a ClusterRoleBinding, which has no namespace. */
export interface Binding extends Named {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | null;
}

/** A role that a binding gives to a subject. It is also the decision that allows by it: that costs a request nothing. */
class Grant implements AuthorizationDecision {
  readonly decision = 'allow';

  constructor(
    readonly binding: Binding,
    readonly subject: Subject,
    /** Names the role. */
    readonly role: string,
  ) {}

  /** Made when it is asked for: most requests end without. */
  get reason(): string {
    return `RBAC: allowed by ${this.#bindingText} of ${this.#roleText} to ${this.#subjectText}`;
  }

  get #bindingText(): string {
    const { name = '', namespace = '' } = this.binding.metadata;
    return namespace === '' ? `ClusterRoleBinding ${quote(name)}` : `RoleBinding ${quote(`${name}/${namespace}`)}`;
  }

  get #roleText(): string {
    const { kind, name } = this.binding.roleRef;
    return `${kind} ${quote(name)}`;
  }

  get #subjectText(): string {
    const { kind, name, namespace } = this.subject;
    return `${kind} ${quote(kind === 'ServiceAccount' ? `${name}/${namespace || this.binding.metadata.namespace}` : name)}`;
  }
}

/** The grants of one namespace, or of all, by who gets them. A service account is the user that it acts as. */
class Grants {
  readonly users = new Map<string, Grant[]>();
  readonly groups = new Map<string, Grant[]>();

  of(
    { kind, name, namespace }: Subject,
    bindingNamespace: string,
  ): { readonly map: Map<string, Grant[]>; readonly key: string } | undefined {
    if (kind === 'User') return { map: this.users, key: name };
    if (kind === 'Group') return { map: this.groups, key: name };
    const accountNamespace = namespace || bindingNamespace;
    if (kind !== 'ServiceAccount' || accountNamespace === '') return undefined;
    return { map: this.users, key: `system:serviceaccount:${accountNamespace}:${name}` };
  }
}

/** Roles and bindings, laid out so that a question costs as much as the user has bindings. */
export class Policy {
  readonly #roles = new Map<string, CompiledRole>();
  readonly #bindings = new Map<string, Binding>();
  /** By namespace; those of cluster role bindings under ''. */
  readonly #grants = new Map<string, Grants>();

  setRole(role: Role): void {
    this.#roles.set(keyOf(role), new CompiledRole(role.rules ?? []));
  }

  deleteRole(role: Named): void {
    this.#roles.delete(keyOf(role));
  }

  /** The role that a binding in `namespace` refers to; undefined when there is none. */
  role({ kind, name }: RoleRef, namespace: string): CompiledRole | undefined {
    return this.#roles.get(keyIn(kind === 'Role' ? namespace : '', name));
  }

  setBinding(binding: Binding): void {
    this.deleteBinding(binding);
    this.#bindings.set(keyOf(binding), binding);
    for (const grant of grantsOf(binding)) {
      const place = this.#grantsIn(binding).of(grant.subject, binding.metadata.namespace ?? '');
      if (place === undefined) continue;
      const known = place.map.get(place.key);
      if (known === undefined) place.map.set(place.key, [grant]);
      else known.push(grant);
    }
  }

  deleteBinding(named: Named): void {
    const binding = this.#bindings.get(keyOf(named));
    if (binding === undefined) return;
    this.#bindings.delete(keyOf(named));
    for (const subject of binding.subjects ?? []) {
      const place = this.#grantsIn(binding).of(subject, binding.metadata.namespace ?? '');
      const rest = place?.map.get(place.key)?.filter((grant) => grant.binding !== binding) ?? [];
      if (rest.length > 0) place?.map.set(place.key, rest);
      else place?.map.delete(place.key);
    }
  }

  /** The first grant to the user that `wanted` takes, those of cluster role bindings first; '' asks for these alone. */
  find(user: UserInfo, namespace: string, wanted: (grant: Grant) => boolean): Grant | undefined {
    const everywhere = findIn(this.#grants.get(''), user, wanted);
    return everywhere ?? (namespace === '' ? undefined : findIn(this.#grants.get(namespace), user, wanted));
  }

  /** The role of a grant; undefined when it is not there. */
  granted({ role }: Grant): CompiledRole | undefined {
    return this.#roles.get(role);
  }

  #grantsIn({ metadata: { namespace = '' } }: Named): Grants {
    let grants = this.#grants.get(namespace);
    if (grants === undefined) {
      grants = new Grants();
      this.#grants.set(namespace, grants);
    }
    return grants;
  }
}

function grantsOf(binding: Binding): Grant[] {
  const { roleRef, subjects, metadata } = binding;
  const role = keyIn(roleRef.kind === 'Role' ? (metadata.namespace ?? '') : '', roleRef.name);
  return (subjects ?? []).map((subject) => new Grant(binding, subject, role));
}

function findIn(grants: Grants | undefined, user: UserInfo, wanted: (grant: Grant) => boolean): Grant | undefined {
  if (grants === undefined) return undefined;
  const own = grants.users.get(user.name)?.find(wanted);
  if (own !== undefined) return own;
  for (const group of user.groups) {
    const found = grants.groups.get(group)?.find(wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

function keyOf({ metadata: { namespace = '', name = '' } }: Named): string {
  return keyIn(namespace, name);
}

function keyIn(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
