import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { dropDisabledPodFields } from './disabled-fields.js';

const container = { name: 'c', image: 'i' };
const mount = { name: 'v', mountPath: '/v' };

function given(json: object): core.v1.PodSpec {
  return core.v1.Pod.codec.fromJson({ spec: { containers: [container], ...json } } as never).spec;
}

const taken: [string, object, object][] = [
  ['restart rules', { containers: [{ ...container, restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart' }] }] }, {}],
  [
    'other restart policies of init containers',
    { initContainers: [{ ...container, restartPolicy: 'Never' }] },
    { initContainers: [container] },
  ],
  ['stop signals', { containers: [{ ...container, lifecycle: { stopSignal: 'SIGHUP' } }] }, {}],
  [
    'variables from files',
    { containers: [{ ...container, env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'k' } } }] }] },
    { containers: [{ ...container, env: [{ name: 'A', valueFrom: {} }] }] },
  ],
  ['host names', { hostnameOverride: 'h' }, {}],
  ['images as volumes', { volumes: [{ name: 'v', image: { reference: 'i' } }], containers: [{ ...container, volumeMounts: [mount] }] }, {}],
  [
    'trust bundles',
    { volumes: [{ name: 'v', projected: { sources: [{ clusterTrustBundle: { path: 'p' } }] } }] },
    { volumes: [{ name: 'v', projected: { sources: [{}] } }] },
  ],
];

describe('what belongs to features that are off', () => {
  it.each(taken)('is taken away: %s', (_title, json, left) => {
    const spec = given(json);
    dropDisabledPodFields(spec);
    expect(spec).toEqual(given(left));
  });

  it.each(taken)('stays where it was already: %s', (_title, json) => {
    const spec = given(json);
    dropDisabledPodFields(spec, given(json));
    expect(spec).toEqual(given(json));
  });

  it('is not what makes a sidecar', () => {
    const spec = given({ initContainers: [{ ...container, restartPolicy: 'Always' }], volumes: [{ name: 'v', emptyDir: {} }] });
    dropDisabledPodFields(spec);
    expect(spec.initContainers?.[0]?.restartPolicy).toBe('Always');
    expect(spec.volumes).toEqual([{ name: 'v', emptyDir: {} }]);
  });
});
