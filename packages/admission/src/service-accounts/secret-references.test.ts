import type { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { secretProblem } from './secret-references.js';

const account: core.v1.ServiceAccount = {
  metadata: { name: 'sa' },
  secrets: [{ name: 'own' }],
  imagePullSecrets: [{ name: 'registry' }],
};
const variable = (name: string) => ({ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } });
const container = (more: object): core.v1.Container => ({ name: 'c', image: 'i', resources: {}, ...more });
const refused = (what: string) => `${what} is not allowed because service account sa does not reference that secret`;

it.each<[Partial<core.v1.PodSpec>, string | undefined]>([
  [{ volumes: [{ name: 'v', secret: { secretName: 'own' } }] }, undefined],
  [{ volumes: [{ name: 'v', secret: { secretName: 'x' } }] }, refused('volume with secret.secretName="x"')],
  // Kubernetes looks at no other kind of volume.
  [{ volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'x' } }] } }] }, undefined],
  [
    { containers: [container({ env: [{ name: 'A', value: 'x' }, variable('own')], envFrom: [{ secretRef: { name: 'own' } }] })] },
    undefined,
  ],
  [{ containers: [container({ env: [variable('x')] })] }, refused('container c with envVar E referencing secret.secretName="x"')],
  [
    { containers: [container({ envFrom: [{ configMapRef: { name: 'x' } }, { secretRef: { name: 'x' } }] })] },
    refused('container c with envFrom referencing secret.secretName="x"'),
  ],
  [
    { initContainers: [container({ env: [variable('x')] })], containers: [container({ env: [variable('y')] })] },
    refused('init container c with envVar E referencing secret.secretName="x"'),
  ],
  [
    { initContainers: [container({ envFrom: [{ secretRef: { name: 'x' } }] })] },
    refused('init container c with envFrom referencing secret.secretName="x"'),
  ],
  [{ imagePullSecrets: [{ name: 'registry' }] }, undefined],
  [
    { imagePullSecrets: [{ name: 'registry' }, { name: 'own' }] },
    'imagePullSecrets[1].name="own" is not allowed because service account sa does not reference that imagePullSecret',
  ],
])('%j', (spec, expected) => {
  expect(secretProblem(account, { containers: [], ...spec })).toBe(expected);
});
