import { configMapKey, type FieldError, forbiddenField, invalidField, path, semanticallyEqual, tooLong } from '@keelson/machinery';
import { wasSentEmpty } from '@keelson/schema';

type DataField = 'data' | 'binaryData';

/** What ConfigMaps and Secrets have in common: maps of data that may be made immutable (KEP-1412). */
type DataHolder = { readonly immutable?: boolean } & { readonly [F in DataField]?: Readonly<Record<string, string>> };

/** Values of one object may have 1 MiB together. */
const maxDataBytes = 1024 * 1024;

/** Keys must be usable as file names. */
export function validateDataKeys(holder: DataHolder, field: DataField): FieldError[] {
  return Object.keys(holder[field] ?? {}).flatMap((key) =>
    configMapKey(key).map((detail) => invalidField(path(field).key(key), key, detail)),
  );
}

/** Bytes of the values, which are text or, as `base64`, encoded. */
export function dataBytes(values: Readonly<Record<string, string>> | undefined, encoding: 'utf8' | 'base64'): number {
  return Object.values(values ?? {}).reduce((sum, value) => sum + Buffer.byteLength(value, encoding), 0);
}

export function validateDataSize(bytes: number, field: string): FieldError[] {
  return bytes > maxDataBytes ? [tooLong(field, maxDataBytes)] : [];
}

/**
 * Once immutable, neither that nor the data may change. A map that was sent empty is not the same as none, unless it is
 * `defaulted`.
 */
export function validateImmutableData(
  holder: DataHolder,
  old: DataHolder | undefined,
  fields: readonly DataField[],
  defaulted?: DataField,
): FieldError[] {
  if (!old?.immutable) return [];
  const cameUp = (field: DataField) => field !== defaulted && wasSentEmpty(holder, field);
  const changed = fields.filter((field) => cameUp(field) || !semanticallyEqual(holder[field] ?? {}, old[field] ?? {}));
  return [...(holder.immutable ? [] : ['immutable']), ...changed].map((field) =>
    forbiddenField(path(field), 'field is immutable when `immutable` is set'),
  );
}
