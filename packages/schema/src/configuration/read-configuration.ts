import { type Json, type JsonObject, parseGroupVersion, quote } from '@keelson/machinery';
import { strictDecodingError } from '../body/strict-problems.js';
import { readTypeMeta } from '../body/type-meta.js';
import { duplicateKeyError, yamlToJson } from '../yaml/yaml-to-json.js';
import type { Shape } from './shape.js';

/** A kind of configuration file, in the versions that have the same form. */
export interface ConfigurationKind<T> {
  readonly kind: string;
  /** `apiserver.config.k8s.io/v1`, … */
  readonly apiVersions: readonly string[];
  readonly shape: Shape<T>;
}

export interface Configuration<T> {
  readonly apiVersion: string;
  readonly value: T;
}

/** A file that does not say of what kind it is, or is of another one than it should be. */
export class UnknownKindError extends Error {}

/**
 * Reads a configuration file of a Kubernetes component, JSON or YAML: of a known kind, without unknown fields or keys that
 * are set twice. Throws with Kubernetes' words; the caller says which file it was.
 */
export function readConfiguration<T>(content: string, kind: ConfigurationKind<T>): Configuration<T> {
  const { value, duplicates } = yamlToJson(content);
  const { read, unknown } = readKind(value, content, kind);
  const problems = [...(duplicates.length > 0 ? [duplicateKeyError(duplicates)] : []), ...unknown];
  if (problems.length > 0) throw new Error(strictDecodingError(problems));
  return read;
}

/**
 * The same for what stood inside of another file. `lenient` for the few kinds whose unknown fields Kubernetes overlooks.
 */
export function readInnerConfiguration<T>(value: Json, kind: ConfigurationKind<T>, { lenient = false } = {}): Configuration<T> {
  const { read, unknown } = readKind(value, JSON.stringify(value), kind);
  if (unknown.length > 0 && !lenient) throw new Error(strictDecodingError(unknown));
  return read;
}

function readKind<T>(value: Json, content: string, { kind, apiVersions, shape }: ConfigurationKind<T>) {
  const { apiVersion, kind: given } = readTypeMeta(value);
  if (given === '') throw new UnknownKindError(`Object 'Kind' is missing in '${content}'`);
  if (apiVersion === '') throw new UnknownKindError(`Object 'apiVersion' is missing in '${content}'`);
  if (parseGroupVersion(apiVersion) === undefined) throw new Error(`unexpected GroupVersion string: ${apiVersion}`);
  if (given !== kind || !apiVersions.includes(apiVersion))
    throw new UnknownKindError(`no kind ${quote(given)} is registered for version ${quote(apiVersion)}`);
  const { apiVersion: _version, kind: _kind, ...rest } = value as JsonObject;
  const unknown: string[] = [];
  const read = { apiVersion, value: shape.read(rest, '', (path) => unknown.push(`unknown field ${quote(path)}`)) };
  return { read, unknown };
}
