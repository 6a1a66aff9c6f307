import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdmissionConfiguration } from './read-admission-configuration.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'admission-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function configurations(content: string, plugins = ['PodNodeSelector', 'EventRateLimit', 'Priority']): Promise<unknown> {
  const file = join(directory, 'admission.yaml');
  await writeFile(file, content);
  return Object.fromEntries(await readAdmissionConfiguration(file, plugins));
}

const v1 = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n';

describe('readAdmissionConfiguration', () => {
  it('gives each plugin that runs what stands in the file or in one beside it', async () => {
    await writeFile(join(directory, 'limits.yaml'), 'kind: Configuration\nlimits: []\n');
    const plugins = 'plugins:\n- {name: EventRateLimit, path: limits.yaml}\n- {name: PodNodeSelector, path: none, configuration: {a: 1}}\n';
    const more = '- {name: EventRateLimit, configuration: {second: true}}\n- {name: Other, path: none}\n- {name: Priority}\n';
    const expected = { PodNodeSelector: { a: 1 }, EventRateLimit: { kind: 'Configuration', limits: [] } };
    expect(await configurations(`${v1}${plugins}${more}`)).toEqual(expected);
    const v1alpha1 = v1.replace('apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1');
    expect(await configurations(`${v1alpha1}${plugins}`)).toEqual(expected);
  });

  it('reads JSON', async () => {
    const json = {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AdmissionConfiguration',
      plugins: [{ name: 'Priority', configuration: {} }],
    };
    expect(await configurations(JSON.stringify(json))).toEqual({ Priority: {} });
  });

  it.each([['podNodeSelectorPluginConfig: {a: b=c}'], ['imagePolicy: {defaultAllow: true}'], ['kind: Own\nimagePolicy: {}']])(
    'gives the whole file to those who were configured so before: %s',
    async (content) => {
      const { ImagePolicyWebhook, ...rest } = (await configurations(content, ['ImagePolicyWebhook', 'Priority'])) as Record<
        string,
        unknown
      >;
      expect([ImagePolicyWebhook, rest]).toEqual([expect.objectContaining({}), {}]);
      expect((await configurations(content)) as object).toEqual({ PodNodeSelector: ImagePolicyWebhook });
    },
  );

  it.each([
    ['a: b', "failed to read plugin config: Object 'Kind' is missing in 'a: b'"],
    [`${v1}plugins: {}`, 'failed to read plugin config: json: cannot unmarshal object into Go struct field plugins of type slice'],
    [`${v1}plugins:\n- {nam: x}`, 'failed to read plugin config: strict decoding error: unknown field "plugins[0].nam"'],
    [
      'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AdmissionConfiguration\n',
      'failed to read plugin config: no kind "AdmissionConfiguration" is registered for version "apiserver.config.k8s.io/v1beta1"',
    ],
  ])('refuses %j', async (content, message) => {
    await expect(configurations(content)).rejects.toThrow(new Error(message));
  });

  it('says which file cannot be read', async () => {
    const none = join(directory, 'none');
    await expect(readAdmissionConfiguration(none, [])).rejects.toThrow(
      `failed to read plugin config: unable to read admission control configuration from "${none}" [ENOENT: no such file or directory, open '${none}']`,
    );
    await expect(configurations(`${v1}plugins:\n- {name: Priority, path: none}`)).rejects.toThrow(
      `Couldn't open admission plugin configuration ${none}: ENOENT`,
    );
    await writeFile(join(directory, 'bad.yaml'), 'a: [');
    await expect(configurations(`${v1}plugins:\n- {name: Priority, path: bad.yaml}`)).rejects.toThrow(
      `couldn't init admission plugin "Priority": error converting YAML to JSON: yaml: line 1: did not find expected node content`,
    );
  });
});
