import {
  compileObjectSelector,
  findObject,
  formatGroupVersion,
  type GroupVersionKind,
  type KindResource,
  type KubeObject,
  type ObjectAccess,
  type ObjectReader,
  parseGroupVersion,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { PolicyProblem } from './policy-problem.js';

type ParamKind = admissionregistration.v1.ParamKind;
type ParamRef = admissionregistration.v1.ParamRef;

/** The objects that are parameters of policies. */
export class PolicyParameters {
  readonly #objects: Pick<ObjectAccess, 'reader' | 'resourcesOf'>;

  constructor(objects: Pick<ObjectAccess, 'reader' | 'resourcesOf'>) {
    this.#objects = objects;
  }

  /** Where objects of the kind are. Throws PolicyProblem when there are none. */
  resourceOf(paramKind: ParamKind): KindResource {
    const kind = kindOf(paramKind);
    const [found] = this.#objects.resourcesOf(kind);
    if (found !== undefined) return found;
    const text = `${formatGroupVersion(kind)}, Kind=${kind.kind}`;
    throw new PolicyProblem(`failed to find resource referenced by paramKind: '${text}'`);
  }

  /**
   * What a binding refers to, for a request in a namespace; '' where it is in none. The policy is evaluated with each of
   * them; with none at all, when it has no parameters. Throws PolicyProblem.
   */
  async collect(paramKind: ParamKind, paramRef: ParamRef | undefined, namespace: string): Promise<readonly (KubeObject | undefined)[]> {
    if (paramRef === undefined) return [undefined];
    const { resource, ...scope } = this.resourceOf(paramKind);
    const within = namespaceOf(paramRef, scope, namespace);
    const found = await find(this.#objects.reader(resource), within, paramRef);
    if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny')
      throw new PolicyProblem('no params found for policy binding with `Deny` parameterNotFoundAction');
    return found.map((object) => ({ ...paramKind, ...object }));
  }
}

function kindOf({ apiVersion = '', kind = '' }: ParamKind): GroupVersionKind {
  const { group, version } = parseGroupVersion(apiVersion) ?? { group: apiVersion, version: '' };
  return { group, version, kind };
}

function namespaceOf(paramRef: ParamRef, { namespaced }: Pick<KindResource, 'namespaced'>, namespace: string): string {
  const within = namespaced ? (paramRef.namespace ?? namespace) : '';
  if (namespaced && within === '')
    throw new PolicyProblem('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  if (!namespaced && paramRef.namespace !== undefined)
    throw new PolicyProblem('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  return within;
}

async function find(reader: ObjectReader, namespace: string, { name, selector }: ParamRef): Promise<readonly KubeObject[]> {
  if (name !== undefined) {
    const object = await findObject(reader, namespace, name);
    return object === undefined ? [] : [object];
  }
  const selected = compileObjectSelector(selector);
  return (await reader.list(namespace)).filter(({ metadata }) => selected.matches(metadata.labels));
}
