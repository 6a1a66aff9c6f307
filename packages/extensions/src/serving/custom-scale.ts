import { internalError, type Json, type JsonObject, type KubeObject, quote } from '@keelson/machinery';
import { type apiextensions, autoscaling } from '@keelson/schema';
import { type PartSubresource, scale } from '@keelson/server';

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

/** The scale of custom resources, whose definition says where its parts are. */
export function customScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: Scale): PartSubresource<KubeObject> {
  const part = scale({
    kind: autoscaling.v1.Scale,
    specReplicas: (object) => numberAt(object, specReplicasPath),
    setSpecReplicas: (object, replicas) => setValueAt(object, specReplicasPath, replicas),
    statusReplicas: (object) => numberAt(object, statusReplicasPath),
    ...(labelSelectorPath && { selector: (object: KubeObject) => textAt(object, labelSelectorPath) }),
  });
  const checkShown = (parent: KubeObject) => {
    if (valueAt(parent, specReplicasPath) === undefined)
      throw internalError(new Error(`the spec replicas field ${quote(specReplicasPath)} does not exist`));
  };
  return { ...part, checkShown, isJudgedAsParent: true };
}

function textAt(object: KubeObject, path: string): string | undefined {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : undefined;
}
