import { type FieldError, invalidField, type Json, type JsonObject, type KubeObject } from '@keelson/machinery';
import { formatPlain, typeName } from '@keelson/patch';
import type { apiextensions } from '@keelson/schema';

type Scale = apiextensions.v1.CustomResourceSubresourceScale;

/** Whether there is a scale where a definition says that one is. */
export function validateScale(object: KubeObject, scale: Scale): FieldError[] {
  return [...validateReplicas(object, scale.specReplicasPath), ...validateScaleStatus(object, scale)];
}

export function validateScaleStatus(object: KubeObject, { statusReplicasPath, labelSelectorPath }: Scale): FieldError[] {
  return [...validateReplicas(object, statusReplicasPath), ...(labelSelectorPath ? validateSelector(object, labelSelectorPath) : [])];
}

const MAX_REPLICAS = 2 ** 31 - 1;

/** Replicas are counts, where they are given. */
function validateReplicas(object: KubeObject, path: string): FieldError[] {
  const { value, problem } = readAt(object, path, 'int64');
  if (problem !== undefined) return [invalidField(path, 0, problem)];
  if (typeof value !== 'number') return [];
  if (value < 0) return [invalidField(path, value, 'should be a non-negative integer')];
  return value > MAX_REPLICAS ? [invalidField(path, value, `should be less than or equal to ${MAX_REPLICAS}`)] : [];
}

function validateSelector(object: KubeObject, path: string): FieldError[] {
  const { problem } = readAt(object, path, 'string');
  return problem === undefined ? [] : [invalidField(path, '', problem)];
}

/** The value at a path of plain names, `.spec.replicas`, or why there is none of that type. */
function readAt(object: KubeObject, path: string, wanted: string): { readonly value?: Json; readonly problem?: string } {
  let value = object as unknown as Json;
  const names = path.split('.').slice(1);
  for (const [i, name] of names.entries()) {
    if (value === null) return {};
    const at = `.${names.slice(0, i + 1).join('.')}`;
    if (typeof value !== 'object' || Array.isArray(value)) return { problem: mistyped(at, value, 'map[string]interface{}') };
    if (!Object.hasOwn(value, name)) return {};
    value = (value as JsonObject)[name] as Json;
  }
  return shownType(value) === wanted ? { value } : { problem: mistyped(path, value, wanted) };
}

function mistyped(path: string, value: Json, wanted: string): string {
  return `${path} accessor error: ${formatPlain(value)} is of the type ${shownType(value)}, expected ${wanted}`;
}

function shownType(value: Json): string {
  return value === null ? '<nil>' : typeName(value);
}
