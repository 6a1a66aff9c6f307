import { pluginNames } from '@keelson/admission';
import { describe, expect, it } from 'vitest';
import { apiServerFlags } from '../../flags/apiserver-flags.js';
import { parseFlags } from '../../flags/parse-flags.js';
import { optionsFromFlags } from '../from-flags/options-from-flags.js';

/** What kube-apiserver v1.34 has, in the order of its AllOrderedPlugins, and Initializers of v1.13; whether it runs by default. */
const plugins: readonly [name: string, byDefault: boolean][] = [
  ['AlwaysAdmit', false],
  ['NamespaceAutoProvision', false],
  ['NamespaceLifecycle', true],
  ['NamespaceExists', false],
  ['LimitPodHardAntiAffinityTopology', false],
  ['LimitRanger', true],
  ['ServiceAccount', true],
  ['NodeRestriction', false],
  ['TaintNodesByCondition', true],
  ['AlwaysPullImages', false],
  ['ImagePolicyWebhook', false],
  ['PodSecurity', true],
  ['PodNodeSelector', false],
  ['Priority', true],
  ['DefaultTolerationSeconds', true],
  ['PodTolerationRestriction', false],
  ['EventRateLimit', false],
  ['ExtendedResourceToleration', false],
  ['DefaultStorageClass', true],
  ['StorageObjectInUseProtection', true],
  ['OwnerReferencesPermissionEnforcement', false],
  ['PersistentVolumeClaimResize', true],
  ['RuntimeClass', true],
  ['CertificateApproval', true],
  ['CertificateSigning', true],
  ['ClusterTrustBundleAttest', true],
  ['CertificateSubjectRestriction', true],
  ['DefaultIngressClass', true],
  ['DenyServiceExternalIPs', false],
  ['PodTopologyLabels', true],
  ['MutatingAdmissionPolicy', true],
  ['MutatingAdmissionWebhook', true],
  ['Initializers', false],
  ['ValidatingAdmissionPolicy', true],
  ['ValidatingAdmissionWebhook', true],
  ['ResourceQuota', true],
  ['AlwaysDeny', false],
];

function running(...args: string[]): readonly string[] {
  return optionsFromFlags(parseFlags(apiServerFlags, ['--etcd-servers=http://127.0.0.1:2379', ...args])).admission.plugins;
}

describe('the admission plugins', () => {
  it('run in the order of Kubernetes, whatever the order they are named in', () => {
    const names = plugins.map(([name]) => name);
    expect(running(`--enable-admission-plugins=${[...names].reverse().join(',')}`)).toEqual(names);
    expect(running()).toEqual(plugins.filter(([, byDefault]) => byDefault).map(([name]) => name));
  });

  it.each(plugins)('%s is known by its name', (name, byDefault) => {
    expect(running(`--${byDefault ? 'disable' : 'enable'}-admission-plugins=${name}`).includes(name)).toBe(!byDefault);
    expect(running(`--admission-control=${name}`)).toEqual([name]);
  });

  it('are all that there are', () => {
    expect([...pluginNames].sort()).toEqual(plugins.map(([name]) => name).sort());
    expect(() => running('--enable-admission-plugins=PodSecurityPolicy')).toThrow(
      'enable-admission-plugins plugin "PodSecurityPolicy" is unknown',
    );
  });
});
