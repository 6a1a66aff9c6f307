import { type Json, quote } from '@keelson/machinery';
import { strictDecodingError } from '../body/strict-problems.js';
import { yamlToJson } from '../body/yaml-to-json.js';
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

/**
 * Reads a configuration file of a Kubernetes component, JSON or YAML: of a known kind, without unknown fields or keys that
 * are set twice. Throws with Kubernetes' words; the caller says which file it was.
 */
export function readConfiguration<T>(content: string, { kind, apiVersions, shape }: ConfigurationKind<T>): Configuration<T> {
  const { value, duplicates } = yamlToJson(content);
  const { apiVersion, kind: given, ...rest } = asObject(value, content);
  if (typeof given !== 'string' || given === '') throw new Error(`Object 'Kind' is missing in '${content}'`);
  if (typeof apiVersion !== 'string' || apiVersion === '') throw new Error(`Object 'apiVersion' is missing in '${content}'`);
  if (given !== kind || !apiVersions.includes(apiVersion))
    throw new Error(`no kind ${quote(given)} is registered for version ${quote(apiVersion)}`);
  const unknown: string[] = [];
  const read = shape.read(rest, '', (path) => unknown.push(`unknown field ${quote(path)}`));
  const problems = [...(duplicates.length > 0 ? [`yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`] : []), ...unknown];
  if (problems.length > 0) throw new Error(strictDecodingError(problems));
  return { apiVersion, value: read };
}

function asObject(value: Json, content: string): { readonly [name: string]: Json } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`couldn't get version/kind; json parse error: ${JSON.stringify(content.slice(0, 60))} is not an object`);
}
