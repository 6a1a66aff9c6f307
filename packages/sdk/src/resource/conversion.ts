import { applyStructuralDefaults, type CustomKind, customValidation } from '@keelson/extensions';
import { formatGroupVersion, invalid, type Json, type KubeObject } from '@keelson/machinery';
import type { VersionDefinition } from '@keelson/server';
import type { Content } from './object-of.js';
import type { VersionParts } from './version-options.js';

/** A version that is served besides the main one. */
export interface OtherVersion {
  readonly kind: CustomKind;
  readonly parts: VersionParts;
}

/** From what is stored in an earlier version to the main one. */
export function conversionBetween(others: readonly OtherVersion[]): (object: KubeObject, from: CustomKind, to: CustomKind) => KubeObject {
  return (object, from, to) => {
    const other = others.find(({ kind }) => kind === from);
    if (other === undefined) throw new Error(`there is no conversion from ${formatGroupVersion(from)} to ${formatGroupVersion(to)}`);
    return whole(object, other.parts.toMain(object), to);
  };
}

/** A version as the server takes it. What clients write in it is judged by its schema before it is converted. */
export function versionDefinition({ kind, parts }: OtherVersion, main: CustomKind): VersionDefinition<KubeObject> {
  const { deprecated } = parts;
  const validate = customValidation(kind, kind.schema, () => []);
  return {
    kind,
    toHub: (object) => whole(object, parts.toMain(object), main),
    fromHub: (hub) => whole(hub, parts.fromMain(hub), kind),
    defaults(object) {
      applyStructuralDefaults(object as unknown as Json, kind.schema);
      const errors = validate(object, undefined, { warn: () => undefined });
      if (errors.length > 0) throw invalid(kind, object.metadata.name ?? '', errors);
    },
    ...(deprecated !== false && {
      deprecationWarning: typeof deprecated === 'string' ? deprecated : `${formatGroupVersion(kind)} ${kind.kind} is deprecated`,
    }),
  };
}

/** What an author's conversion gives, with the metadata that every object has, and without what the kind's schema does not know. */
function whole({ metadata }: KubeObject, content: Content<KubeObject>, { codec }: CustomKind): KubeObject {
  return codec.fromJson({ metadata, ...content } as unknown as Json);
}
