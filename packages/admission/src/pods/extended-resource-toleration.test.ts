import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, pods } from '../testing/attributes.js';
import { extendedResourceToleration } from './extended-resource-toleration.js';

type Toleration = core.v1.Toleration;

const forKey = (key: string): Toleration => ({ key, operator: 'Exists', effect: 'NoSchedule' });
const asking = (...names: string[]) => ({ name: 'c', resources: { requests: Object.fromEntries(names.map((name) => [name, '1'])) } });

function tolerations(spec: Partial<core.v1.PodSpec>, subresource = ''): Toleration[] | undefined {
  const pod: core.v1.Pod = { metadata: { name: 'web' }, spec: { containers: [], ...spec }, status: {} };
  void extendedResourceToleration.admit?.(attributes(pods, 'CREATE', pod, { subresource }));
  return pod.spec.tolerations;
}

describe('ExtendedResourceToleration', () => {
  it('lets pods run where what they ask for is, in the order of names', () => {
    const initContainers = [asking('b.com/fpga', 'a.com/gpu')];
    expect(tolerations({ containers: [asking('z.com/nic', 'a.com/gpu')], initContainers })).toEqual(
      ['a.com/gpu', 'b.com/fpga', 'z.com/nic'].map(forKey),
    );
  });

  it('has nothing to do with what every node has, and with subresources', () => {
    expect(tolerations({ containers: [asking('cpu', 'hugepages-2Mi', 'kubernetes.io/x', 'requests.a.com/gpu')] })).toBeUndefined();
    expect(tolerations({ containers: [asking('a.com/gpu')] }, 'resize')).toBeUndefined();
  });

  it.each<[string, Toleration[], Toleration[]]>([
    ['what is there stays', [forKey('a.com/gpu'), forKey('x')], [forKey('a.com/gpu'), forKey('x')]],
    ['what is there for a while only stays for ever', [{ ...forKey('a.com/gpu'), tolerationSeconds: 5 }], [forKey('a.com/gpu')]],
    [
      'other effects are others',
      [{ ...forKey('a.com/gpu'), effect: 'NoExecute' }],
      [{ ...forKey('a.com/gpu'), effect: 'NoExecute' }, forKey('a.com/gpu')],
    ],
  ])('%s', (_, given, expected) => {
    expect(tolerations({ containers: [asking('a.com/gpu')], tolerations: given })).toEqual(expected);
  });
});
