import { afterAll, beforeAll } from 'vitest';
import type { Kubectl } from '../support/kubectl.js';

/** A namespace for the tests of the block this is called in. Gives a kubectl whose default it is. */
export function useNamespace(admin: () => Kubectl, name: string): () => Kubectl {
  let kubectl: Kubectl | undefined;

  beforeAll(async () => {
    const namespace = `${name}-${admin().program.version.replace('.', '-')}`;
    await admin().ok(['create', 'namespace', namespace]);
    kubectl = admin().in(namespace);
  });

  afterAll(() => admin().run(['delete', 'namespace', kubectl?.namespace ?? '', '--wait=false', '--ignore-not-found']));

  return () => {
    if (kubectl === undefined) throw new Error('the namespace is made before the tests, not before their block');
    return kubectl;
  };
}
