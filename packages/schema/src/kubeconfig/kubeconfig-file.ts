import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Json, parseGroupVersion, quote } from '@keelson/machinery';
import { readTypeMeta } from '../body/type-meta.js';
import { DecodeError } from '../kind.js';
import { yamlToJson } from '../yaml/yaml-to-json.js';

/** A part of a kubeconfig, not yet looked at. */
export type Section = Readonly<Record<string, unknown>>;

const SCHEME = 'k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50';

/** The whole of a kubeconfig; throws in the words of Kubernetes' clients. */
export async function readConfig(file: string): Promise<Section> {
  try {
    const config = yamlToJson(await readFile(file, 'utf8')).value;
    requireConfig(config);
    return asSection(config);
  } catch (error) {
    throw new Error(unreadable(file, error as NodeJS.ErrnoException), { cause: error });
  }
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `stat ${file}: no such file or directory`;
  return `error loading config file ${quote(file)}: ${code === 'EISDIR' ? `read ${file}: is a directory` : message}`;
}

/** What a file does not say of itself is taken as said. */
function requireConfig(config: Json): void {
  const { apiVersion, kind } = readTypeMeta(config);
  if (parseGroupVersion(apiVersion) === undefined) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  if ((kind || 'Config') !== 'Config' || (apiVersion || 'v1') !== 'v1')
    throw new DecodeError(`no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(SCHEME)}`);
}

export type NamedKind = 'context' | 'cluster' | 'user';

export function sections(config: Section, kind: NamedKind): Section[] {
  const all = config[`${kind}s`];
  return (Array.isArray(all) ? all : []).map(asSection);
}

export function named(config: Section, kind: NamedKind, name: string): Section | undefined {
  const found = sections(config, kind).find((one) => one.name === name);
  return found && asSection(found[kind]);
}

export function asSection(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

export function text(section: Section, key: string): string | undefined {
  const value = section[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What `<name>-data` holds, or the file that `<name>` names, which is looked for beside this one. */
export async function content(file: string, section: Section, name: string): Promise<string | undefined> {
  const data = text(section, `${name}-data`);
  if (data !== undefined) return decoded(file, data);
  const path = text(section, name);
  return path === undefined ? undefined : readFile(beside(file, path), 'utf8');
}

function decoded(file: string, data: string): string {
  const bad = data.search(/[^A-Za-z0-9+/=\r\n]/);
  if (bad >= 0) throw new Error(`error loading config file ${quote(file)}: illegal base64 data at input byte ${bad}`);
  return Buffer.from(data, 'base64').toString();
}

export const beside = (file: string, path: string): string => resolve(dirname(file), path);
