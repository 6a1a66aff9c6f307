import { readFile } from 'node:fs/promises';
import type { RemoteAccess } from '@keelson/machinery';
import { yamlToJson } from '../yaml/yaml-to-json.js';
import { asSection, named, sections, text, userPart } from './read-kubeconfig.js';

/** The users of a kubeconfig file: named not after people but after the servers that they are shown to. */
export interface KubeconfigUsers {
  readonly users: ReadonlyMap<string, Partial<RemoteAccess>>;
  /** Name of the current context's user. */
  readonly current: string | undefined;
}

/** Reads all users of a kubeconfig, not only that of one context. */
export async function readKubeconfigUsers(file: string): Promise<KubeconfigUsers> {
  const config = asSection(yamlToJson(await readFile(file, 'utf8')).value);
  const users = new Map<string, Partial<RemoteAccess>>();
  for (const one of sections(config, 'user')) {
    const name = text(one, 'name') ?? '';
    users.set(name, await userPart(file, name, asSection(one.user)));
  }
  const context = text(config, 'current-context');
  return { users, current: context === undefined ? undefined : text(named(file, config, 'context', context), 'user') };
}
