import type { KubeObject } from '@keelson/machinery';
import { applyDefaults } from '@keelson/schema';
import type { ResourceVersion } from '../resource/resource-version.js';

/** The request's object with all defaults, in the hub's shape. */
export function defaultedHub(version: ResourceVersion, object: KubeObject): KubeObject {
  const { resource } = version;
  applyDefaults(version.schema, object);
  version.definition.defaults?.(object);
  const hub = version.toHub(object);
  if (version.schema !== resource.hub) applyDefaults(resource.hub, hub);
  resource.definition.defaults?.(hub);
  return hub;
}
