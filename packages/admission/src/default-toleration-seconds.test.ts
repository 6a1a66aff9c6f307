import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { attributes, pods } from './testing/attributes.js';

type Toleration = core.v1.Toleration;

const notReady = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
const unreachable = { ...notReady, key: 'node.kubernetes.io/unreachable' };

function admitted(tolerations: Toleration[] | undefined, subresource = ''): Toleration[] | undefined {
  const pod: core.v1.Pod = { metadata: {}, spec: { containers: [], ...(tolerations && { tolerations }) }, status: {} };
  void defaultTolerationSeconds.admit?.(attributes(pods, 'CREATE', pod, { subresource }));
  return pod.spec.tolerations;
}

describe('defaultTolerationSeconds', () => {
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

  it('leaves subresources and other resources alone', () => {
    expect(admitted(undefined, 'status')).toBeUndefined();
    expect((['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const).map((one) => defaultTolerationSeconds.handles(one))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
