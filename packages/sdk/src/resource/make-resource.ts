import { type CustomKind, customDefinition, customForm, selectableFields } from '@keelson/extensions';
import { formatGroupVersion, type GroupVersionKind, type Json, type KubeObject } from '@keelson/machinery';
import { defineResource, type Resource, type StoredForm, type SubresourceDefinition } from '@keelson/server';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import { AskedSource } from '../virtual/asked-source.js';
import { FollowedSource, isWatchable } from '../virtual/followed-source.js';
import type { VirtualForm } from '../virtual/virtual-object.js';
import { actionSubresource } from './action-subresource.js';
import { authorDefaults, authorJudgement } from './author-functions.js';
import { authoredKind } from './authored-kind.js';
import { connectSubresource } from './connect-subresource.js';
import { conversionBetween, versionDefinition } from './conversion.js';
import type { Shape } from './object-of.js';
import { pluralOf } from './plural-of.js';
import { printedColumns } from './printed-columns.js';
import type { Behavior, ResourceNames } from './resource-options.js';
import type { SubresourceParts } from './subresource-parts.js';
import type { VersionParts } from './version-options.js';

/** All that an author has said of a resource, without the types of its objects. */
export interface ResourceParts extends GroupVersionKind {
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: ResourceNames;
  readonly description: string;
  readonly shape: Shape<AnySchema, AnySchema, Fields>;
  readonly behavior: Behavior<KubeObject>;
  readonly versions: readonly VersionParts[];
  readonly subresources: ReadonlyMap<string, SubresourceParts>;
}

/** A resource made for one server, and what has to be started with that. */
export interface MadeResource {
  readonly resource: Resource;
  readonly followed?: FollowedSource<KubeObject>;
}

/** Makes the value that the server works with. Each server needs its own: it is bound to a store. */
export function makeResource(parts: ResourceParts): MadeResource {
  const { group, version, kind, scope, shape, behavior, description } = parts;
  const main = authoredKind({ group, version, kind }, shape, description);
  const others = parts.versions.map((one) => ({
    parts: one,
    kind: authoredKind({ group, version: one.version, kind }, one.shape, description),
  }));
  const selectable = selectableFields({ selectableFields: (behavior.selectableFields ?? []).map((field) => ({ jsonPath: `.${field}` })) });
  const form = customForm({
    shown: main,
    written: main,
    kinds: new Map([main, ...others.map((one) => one.kind)].map((one) => [formatGroupVersion(one), one])),
    fields: (object) => Object.fromEntries(Object.entries(selectable).map(([name, read]) => [name, read(object)])),
    convert: conversionBetween(others),
  });
  const base = customDefinition({
    names: namesOf(parts),
    scope,
    shown: main,
    written: main,
    form,
    subresources: { ...(shape.status && { status: {} }), ...scaleOf(behavior) },
    ...(behavior.validate && { judge: authorJudgement(behavior.validate) }),
  });
  const virtual = virtualStorage(behavior, virtualForm(main, form), scope === 'Namespaced');
  const resource = defineResource<KubeObject>(main, {
    ...base,
    storage: { ...base.storage, ...virtual?.storage },
    ...(virtual && { verbs: virtual.verbs }),
    versions: others.map((other) => versionDefinition(other, main)),
    defaults: authorDefaults(main, behavior.defaults),
    selectableFields: selectable,
    columns: printedColumns(behavior.columns),
    subresources: { ...base.subresources, ...ownSubresources(parts) },
  });
  return { resource, ...(virtual?.followed && { followed: virtual.followed }) };
}

function namesOf({ kind, names: { plural, singular = kind.toLowerCase(), short, categories } }: ResourceParts) {
  return {
    plural: plural ?? pluralOf(singular),
    singular,
    ...(short && { shortNames: [...short] }),
    ...(categories && { categories: [...categories] }),
  };
}

function scaleOf({ scale }: Behavior<KubeObject>) {
  if (scale === undefined) return {};
  const { replicas, statusReplicas, selector } = scale;
  return {
    scale: {
      specReplicasPath: replicas,
      statusReplicasPath: statusReplicas,
      ...(selector !== undefined && { labelSelectorPath: selector }),
    },
  };
}

function virtualForm({ codec }: CustomKind, form: StoredForm): VirtualForm {
  return { encode: (object) => form.encode(codec.fromJson(structuredClone(object) as unknown as Json)), indexer: form.indexer };
}

function virtualStorage({ source }: Behavior<KubeObject>, form: VirtualForm, namespaced: boolean) {
  if (source === undefined) return undefined;
  if (!isWatchable(source)) return { verbs: ['get', 'list'] as const, storage: { computed: () => new AskedSource(source, form) } };
  const followed = new FollowedSource(source, form, namespaced);
  return { verbs: ['get', 'list', 'watch'] as const, storage: { computed: () => followed.store }, followed };
}

function ownSubresources({ group, version, kind, subresources }: ResourceParts): Record<string, SubresourceDefinition<KubeObject>> {
  return Object.fromEntries(
    [...subresources].map(([name, parts]) => {
      if (parts.type === 'connect') return [name, connectSubresource(kind, parts)];
      const body = authoredKind({ group, version, kind: parts.kind }, parts.shape, parts.description);
      return [name, actionSubresource(body, parts)];
    }),
  );
}
