import type { RemoteAccess } from '@keelson/machinery';
import { asSection, named, readConfig, sections, text } from './kubeconfig-file.js';
import { unknownContext } from './kubeconfig-problems.js';
import { userPart } from './read-kubeconfig.js';

/** The users of a kubeconfig file: named not after people but after the servers that they are shown to. */
export interface KubeconfigUsers {
  readonly users: ReadonlyMap<string, Partial<RemoteAccess>>;
  /** Name of the current context's user. */
  readonly current: string | undefined;
}

/** Reads all users of a kubeconfig, not only that of one context. */
export async function readKubeconfigUsers(file: string): Promise<KubeconfigUsers> {
  const config = await readConfig(file);
  const users = new Map<string, Partial<RemoteAccess>>();
  for (const one of sections(config, 'user')) {
    const name = text(one, 'name') ?? '';
    users.set(name, await userPart(file, name, asSection(one.user)));
  }
  const context = text(config, 'current-context');
  if (context === undefined) return { users, current: undefined };
  const chosen = named(config, 'context', context);
  if (chosen === undefined) throw unknownContext(context);
  return { users, current: text(chosen, 'user') };
}
