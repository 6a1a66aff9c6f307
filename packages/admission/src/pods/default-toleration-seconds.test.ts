import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, pods } from '../testing/attributes.js';
import { DefaultTolerationSeconds } from './default-toleration-seconds.js';

type Toleration = core.v1.Toleration;

const notReady = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
const unreachable = { ...notReady, key: 'node.kubernetes.io/unreachable' };

const plugin = new DefaultTolerationSeconds({ notReady: 300, unreachable: 300 });

function admitted(tolerations: Toleration[] | undefined, subresource = ''): Toleration[] | undefined {
  const pod: core.v1.Pod = { metadata: {}, spec: { containers: [], ...(tolerations && { tolerations }) }, status: {} };
  plugin.admit(attributes(pods, 'CREATE', pod, { subresource }));
  return pod.spec.tolerations;
}

describe('DefaultTolerationSeconds', () => {
  it.each<[string, Toleration[] | undefined, Toleration[]]>([
    ['a pod without tolerations gets both', undefined, [notReady, unreachable]],
    ['what is tolerated already is left', [{ ...notReady, tolerationSeconds: 5 }], [{ ...notReady, tolerationSeconds: 5 }, unreachable]],
    [
      'no effect means every effect',
      [{ key: unreachable.key, operator: 'Exists' }],
      [{ key: unreachable.key, operator: 'Exists' }, notReady],
    ],
    ['no key means every key', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
    [
      'another effect is another taint',
      [{ ...notReady, effect: 'NoSchedule' }],
      [{ ...notReady, effect: 'NoSchedule' }, notReady, unreachable],
    ],
  ])('%s', (_, tolerations, expected) => {
    expect(admitted(tolerations)).toEqual(expected);
  });

  it('takes the seconds that it is given', () => {
    const pod: core.v1.Pod = { metadata: {}, spec: { containers: [] }, status: {} };
    new DefaultTolerationSeconds({ notReady: 0, unreachable: 7 }).admit(attributes(pods, 'CREATE', pod));
    expect(pod.spec.tolerations?.map(({ tolerationSeconds }) => tolerationSeconds)).toEqual([0, 7]);
  });

  it('leaves subresources and other resources alone', () => {
    expect(admitted(undefined, 'status')).toBeUndefined();
    expect((['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const).map((one) => plugin.handles(one))).toEqual([true, true, false, false]);
  });
});
