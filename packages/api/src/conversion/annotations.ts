import type { ObjectMeta } from '@keelson/machinery';

type Annotations = Readonly<Record<string, string>>;

/** A copy with these annotations in place of the object's own; undefined for none. */
export function withAnnotations(metadata: ObjectMeta, annotations: Annotations | undefined): ObjectMeta {
  const { annotations: _replaced, ...others } = metadata;
  return annotations === undefined ? others : { ...others, annotations };
}

/** A copy with one annotation more, or with another value of it. */
export function withAnnotation(metadata: ObjectMeta, key: string, value: string): ObjectMeta {
  return withAnnotations(metadata, { ...metadata.annotations, [key]: value });
}

/** A copy with one annotation less. */
export function withoutAnnotation(metadata: ObjectMeta, key: string): ObjectMeta {
  const { [key]: _removed, ...others } = metadata.annotations ?? {};
  return withAnnotations(metadata, Object.keys(others).length === 0 ? undefined : others);
}

/** An integer as an annotation carries it; undefined for any other text. */
export function integerAnnotation({ annotations = {} }: ObjectMeta, key: string): number | undefined {
  const integer = Number(annotations[key]);
  return Number.isSafeInteger(integer) && String(integer) === annotations[key] ? integer : undefined;
}
