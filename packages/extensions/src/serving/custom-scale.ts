import { badRequest, internalError, type Json, type JsonObject, type KubeObject, quote } from '@keelson/machinery';
import { type apiextensions, autoscaling } from '@keelson/schema';
import { age, nameColumn, type PartSubresource, type ScaleOptions, scale } from '@keelson/server';

type Scale = apiextensions.v1.CustomResourceSubresourceScale;

/** The value at a path of plain names, `.spec.replicas`. */
function valueAt(object: KubeObject, path: string): Json | undefined {
  let value: Json | undefined = object as unknown as JsonObject;
  for (const name of names(path)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function names(path: string): string[] {
  return path.split('.').slice(1);
}

function setValueAt(object: KubeObject, path: string, value: Json): void {
  let parent = object as unknown as JsonObject;
  const [last = '', ...above] = names(path).reverse();
  for (const name of above.reverse()) {
    if (typeof parent[name] !== 'object' || parent[name] === null) parent[name] = {};
    parent = parent[name] as JsonObject;
  }
  parent[last] = value;
}

function numberAt(object: KubeObject, path: string): number | undefined {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : undefined;
}

/** What replicas are to a patch where there are none: it may not leave them so. */
const UNSET = -(2 ** 31);

/** The scale of custom resources, whose definition says where its parts are. */
export function customScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: Scale): PartSubresource<KubeObject> {
  const options: ScaleOptions<KubeObject> = {
    kind: autoscaling.v1.Scale,
    specReplicas: (object) => numberAt(object, specReplicasPath),
    setSpecReplicas: (object, replicas) => {
      if (replicas === UNSET) throw badRequest(`the spec replicas field ${quote(specReplicasPath)} cannot be empty`);
      setValueAt(object, specReplicasPath, replicas);
    },
    statusReplicas: (object) => numberAt(object, statusReplicasPath),
    ...(labelSelectorPath && { selector: (object: KubeObject) => textAt(object, labelSelectorPath) }),
  };
  const part = scale(options);
  const patched = scale({ ...options, specReplicas: (object) => numberAt(object, specReplicasPath) ?? UNSET });
  const isSet = (parent: KubeObject) => valueAt(parent, specReplicasPath) !== undefined;
  return {
    ...part,
    columns: [nameColumn(), ...(part.columns ?? []).slice(1, -1), { ...age(), type: 'date' }],
    ...(patched.view && { patched: patched.view }),
    checkShown(parent) {
      if (!isSet(parent)) throw internalError(new Error(`the spec replicas field ${quote(specReplicasPath)} does not exist`));
    },
    isJudgedAsParent: true,
  };
}

/**
 * The scale of what a definition describes. Kubernetes knows no kind of objects there but that one: it reads other bodies in vain, has
 * other names for what it shows, and can apply to it only what it is already.
 */
export function definedScale(
  scale: PartSubresource<KubeObject>,
  replicasPaths: ReadonlyMap<string, string | null>,
): PartSubresource<KubeObject> {
  return { ...scale, replicasPaths, typeName: 'v1.Scale', isAppliedInVain: true, unreadable: () => badRequest(UNREGISTERED) };
}

const SCHEME = 'k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go:730';
const UNREGISTERED = `no kind is registered for the type v1.Scale in scheme ${quote(SCHEME)}`;

function textAt(object: KubeObject, path: string): string | undefined {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : undefined;
}
