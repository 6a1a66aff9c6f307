import { defaultFeatures, type Features, type KubeObject, underFeatures } from '@keelson/machinery';
import { applyDefaults } from '@keelson/schema';
import type { Resource, WriteContext } from '@keelson/server';

/** The object that a client means, with its defaults. */
function given({ hub, definition }: Resource, json: object): KubeObject {
  const object = hub.codec.fromJson({ metadata: { name: 'n' }, ...json } as never);
  applyDefaults(hub, object);
  definition.defaults?.(object);
  return object;
}

const contextOf = (features: Features) => ({ features }) as WriteContext;

/** What a resource finds wrong with an object, or with the change from `old` to it, in the words that clients are told. */
export function problemsOf(resource: Resource, json: object, old?: object, features: Features = defaultFeatures): string[] {
  const before = old === undefined ? undefined : given(resource, old);
  const validate = () => resource.definition.validate?.(given(resource, json), before, contextOf(features));
  return (underFeatures(features, validate) ?? []).map(String);
}

/** The same of a write to its status. */
export function statusProblemsOf(resource: Resource, json: object, old: object, features: Features = defaultFeatures): string[] {
  const status = resource.definition.subresources?.status;
  if (status?.type !== 'part') return [];
  const validate = () => status.validate?.(given(resource, json), given(resource, old), contextOf(features));
  return (underFeatures(features, validate) ?? []).map(String);
}
