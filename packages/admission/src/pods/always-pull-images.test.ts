import type { ApiError } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods } from '../testing/attributes.js';
import { alwaysPullImages } from './always-pull-images.js';

type Pod = core.v1.Pod;

function pod(policy: string | undefined, image = 'nginx', volume = policy): Pod {
  const container = { name: 'c', image, ...(policy && { imagePullPolicy: policy }) };
  const spec = {
    initContainers: [{ ...container, name: 'i' }],
    containers: [container],
    ephemeralContainers: [{ ...container, name: 'e' }],
    volumes: [
      { name: 'v', image: { reference: 'x', ...(volume && { pullPolicy: volume }) } },
      { name: 'w', emptyDir: {} },
    ],
  } as unknown as core.v1.PodSpec;
  return { metadata: { name: 'web' }, spec, status: {} };
}

function admitted(object: Pod, oldObject?: Pod, subresource = ''): Pod {
  void alwaysPullImages.admit?.(attributes(pods, oldObject ? 'UPDATE' : 'CREATE', object, { oldObject, subresource }));
  return object;
}

async function judged(object: Pod, oldObject?: Pod): Promise<unknown> {
  const written = attributes(pods, oldObject ? 'UPDATE' : 'CREATE', object, { oldObject });
  const error = (await failureOf(() => alwaysPullImages.validate?.(written))) as ApiError | undefined;
  return error && [error.code, error.reason, error.message];
}

describe('AlwaysPullImages', () => {
  it('sets the policy of every container and every image that is mounted', () => {
    expect(admitted(pod('Never'))).toEqual(pod('Always'));
    expect(admitted(pod(undefined))).toEqual(pod('Always'));
  });

  it('leaves updates that bring no new image, and subresources', () => {
    expect(admitted(pod('Never'), pod('IfNotPresent'))).toEqual(pod('Never'));
    expect(admitted(pod('Never', 'other'), pod('Never'))).toEqual(pod('Always', 'other'));
    expect(admitted(pod('Never'), undefined, 'status')).toEqual(pod('Never'));
  });

  it('refuses other policies, with all refusals in one text', async () => {
    const refused = (field: string, value = 'Never') =>
      `pods "web" is forbidden: ${field}: Unsupported value: ${JSON.stringify(value)}: supported values: "Always"`;
    expect(await judged(pod('Always'))).toBeUndefined();
    expect(await judged(pod('Never'), pod('Never'))).toBeUndefined();
    expect(await judged(pod('Always', 'nginx', 'Never'))).toEqual([500, '', refused('spec.volumes[0].image.pullPolicy')]);
    const all = ['spec.initContainers[0]', 'spec.containers[0]', 'spec.ephemeralContainers[0]'].map((at) =>
      refused(`${at}.imagePullPolicy`, ''),
    );
    expect(await judged(pod(undefined))).toEqual([500, '', `[${[...all, refused('spec.volumes[0].image.pullPolicy', '')].join(', ')}]`]);
  });
});
