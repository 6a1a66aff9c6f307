import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly stringData?: unknown;
  readonly items?: readonly ManifestObject[];
}

/** A manifest file and the objects in it, lists unpacked, in the order in which kubectl meets them. */
export interface ManifestFile {
  /** Folder and name, such as `web/shop.yaml`. */
  readonly name: string;
  readonly path: string;
  readonly objects: readonly ManifestObject[];
  /** The one its objects name, or one of its own. */
  readonly namespace: string;
  /** Its namespace is there already, or comes with it. */
  readonly namesNamespace: boolean;
}

const folder = fileURLToPath(new URL('.', import.meta.url));

export function manifestFiles(): ManifestFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return names.sort().map(readManifest);
}

function readManifest(name: string): ManifestFile {
  const path = join(folder, name);
  const documents = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as ManifestObject | null);
  const objects = documents.flatMap((object) => (object === null ? [] : (object.items ?? [object])));
  const named = objects.find(({ metadata }) => metadata.namespace !== undefined)?.metadata.namespace;
  const namespace = named ?? `manifest-${basename(name, '.yaml')}`;
  return { name, path, objects, namespace, namesNamespace: named !== undefined };
}

/** As kubectl calls an object: `deployment.apps/web`. */
export function objectName(object: ManifestObject): string {
  return `${kindName(object)}/${object.metadata.name}`;
}

/** As kubectl calls an object that it deletes: `deployment.apps "web"`. */
export function deletedName(object: ManifestObject): string {
  return `${kindName(object)} "${object.metadata.name}"`;
}

function kindName({ apiVersion, kind }: ManifestObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind.toLowerCase()}${group}`;
}
