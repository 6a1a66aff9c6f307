import { afterAll, beforeAll } from 'vitest';
import type { Kubectl } from '../support/kubectl.js';

/** A namespace for the tests of the block this is called in. Gives a kubectl whose default it is. */
export function useNamespace(admin: () => Kubectl, name: string): () => Kubectl {
  let kubectl: Kubectl | undefined;

  beforeAll(async () => {
    const namespace = `${name}-${admin().program.version.replace('.', '-')}`;
    await admin().ok(['create', 'namespace', namespace]);
    kubectl = admin().in(namespace);
    await ensureDefaultServiceAccount(kubectl);
  });

  afterAll(() => admin().run(['delete', 'namespace', kubectl?.namespace ?? '', '--wait=false', '--ignore-not-found']));

  return () => {
    if (kubectl === undefined) throw new Error('the namespace is made before the tests, not before their block');
    return kubectl;
  };
}

/** Pods need it; without a controller manager nobody makes it. */
async function ensureDefaultServiceAccount(kubectl: Kubectl): Promise<void> {
  const { code, stderr } = await kubectl.run(['create', 'serviceaccount', 'default']);
  if (code !== 0 && !stderr.includes('AlreadyExists')) throw new Error(stderr);
}
