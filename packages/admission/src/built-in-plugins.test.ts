import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { builtInPlugins, pluginNames } from './built-in-plugins.js';
import { hostOf } from './testing/host.js';

describe('builtInPlugins', () => {
  it('makes the named plugins that there are, in the order of the names', async () => {
    const plugins = await builtInPlugins(['Priority', 'Unheard', 'constructor', 'NamespaceLifecycle'], hostOf());
    expect(plugins.map(({ name }) => name)).toEqual(['Priority', 'NamespaceLifecycle']);
  });

  it('makes each plugin under its own name', async () => {
    const limits = [{ type: 'Server', qps: 1, burst: 1 }];
    const configurations = new Map<string, Json>([
      ['EventRateLimit', { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits }],
      ['ImagePolicyWebhook', { imagePolicy: { kubeConfigFile: '/etc/images' } }],
    ]);
    const readKubeconfig = async (file: string) => ({ server: `https://127.0.0.1${file}`, insecureSkipTlsVerify: false });
    const features = new Map([['MutatingAdmissionPolicy', true]]);
    const plugins = await builtInPlugins([...pluginNames], hostOf({}, { configurations, readKubeconfig, features }));
    expect(plugins.map(({ name }) => name)).toEqual([...pluginNames]);
  });

  it('makes none that its feature gate switches off', async () => {
    expect(await builtInPlugins(['MutatingAdmissionPolicy'], hostOf())).toEqual([]);
  });

  it('says which plugin cannot work with what it is given', async () => {
    await expect(builtInPlugins(['Priority', 'EventRateLimit'], hostOf())).rejects.toThrow(
      new Error(`couldn't init admission plugin "EventRateLimit": limits: Invalid value: null: must not be empty`),
    );
  });
});
