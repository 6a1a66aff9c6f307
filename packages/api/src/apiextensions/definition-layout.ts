import { type FieldPath, formatJson, path } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';

type Spec = apiextensions.v1.CustomResourceDefinitionSpec;
type Version = apiextensions.v1.CustomResourceDefinitionVersion;

/** A part of versions, where messages place it. */
export interface Placed<T> {
  readonly value: T;
  readonly at: FieldPath;
  /** Whether it is told of a version of its own, and not of all. */
  readonly isOwn: boolean;
  /** Of the version, or of the first one where the part is that of all. */
  readonly version: Version;
}

/** What each version says for itself, by its name in `versions` and, where it is the same in all of them, beside them. */
const parts = {
  schema: { own: 'schema', shared: 'validation' },
  subresources: { own: 'subresources', shared: 'subresources' },
  columns: { own: 'additionalPrinterColumns', shared: 'additionalPrinterColumns' },
  selectableFields: { own: 'selectableFields', shared: 'selectableFields' },
} as const;

type Part = keyof typeof parts;
type PartOf<P extends Part> = NonNullable<Version[(typeof parts)[P]['own']]>;

const specPath = path('spec');

/**
 * A part of all versions that have it. Inside Kubernetes what is the same in all versions stands once, beside them, and so
 * messages speak of it.
 */
export function placedParts<P extends Part>({ versions }: Spec, part: P): Placed<PartOf<P>>[] {
  const { own, shared } = parts[part];
  const listed = versions ?? [];
  const [first] = listed;
  if (first === undefined) return [];
  const values = listed.map((version) => version[own] as PartOf<P> | undefined);
  const [value] = values;
  if (value !== undefined && isShared(values)) return [{ value, at: specPath.child(shared), isOwn: false, version: first }];
  return values.flatMap((one, at) =>
    one === undefined
      ? []
      : [{ value: one, at: specPath.child('versions').index(at).child(own), isOwn: true, version: listed[at] as Version }],
  );
}

function isShared(values: readonly unknown[]): boolean {
  const [first, ...others] = values.map((value) => formatJson(value));
  return others.every((text) => text === first);
}

/** The versions as messages show them: without what stands beside them. */
export function shownVersions(spec: Spec): Version[] {
  const isAside = (part: Part) => placedParts(spec, part)[0]?.at.toString() === specPath.child(parts[part].shared).toString();
  const aside = (Object.keys(parts) as Part[]).filter(isAside).map((part) => parts[part].own);
  return (spec.versions ?? []).map((version) => {
    const shown: Record<string, unknown> = { ...version };
    for (const name of aside) delete shown[name];
    return shown as unknown as Version;
  });
}
