import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { readPodSecurityConfiguration } from './configuration.js';
import { formatStandard, PRIVILEGED } from './policy.js';

function configuration(more: { readonly [name: string]: Json }, version = 'v1'): Json {
  return { apiVersion: `pod-security.admission.config.k8s.io/${version}`, kind: 'PodSecurityConfiguration', ...more };
}

describe('the configuration', () => {
  it('allows everything when there is none', () => {
    const none = new Set();
    expect(readPodSecurityConfiguration(undefined)).toEqual({
      defaults: PRIVILEGED,
      exempt: { namespaces: none, usernames: none, runtimeClasses: none },
    });
  });

  it.each(['v1', 'v1beta1', 'v1alpha1'])('is read in version %s', (version) => {
    const defaults = { enforce: 'baseline', 'enforce-version': 'v1.20', audit: '', warn: 'restricted' };
    const exemptions = { namespaces: ['kube-system'], usernames: ['boss'], runtimeClasses: ['kata'] };
    const read = readPodSecurityConfiguration(configuration({ defaults, exemptions }, version));
    const { enforce, audit, warn } = read.defaults;
    expect([enforce, audit, warn].map(formatStandard)).toEqual(['baseline:v1.20', 'privileged:latest', 'restricted:latest']);
    expect(read.exempt).toEqual({ namespaces: new Set(['kube-system']), usernames: new Set(['boss']), runtimeClasses: new Set(['kata']) });
  });

  it.each<[Json, string]>([
    [configuration({ default: {} }), 'strict decoding error: unknown field "default"'],
    [configuration({}, 'v2'), 'no kind "PodSecurityConfiguration" is registered for version "pod-security.admission.config.k8s.io/v2"'],
    [
      configuration({ defaults: { enforce: 'none', audit: 'some', 'warn-version': '1' }, exemptions: { usernames: [''] } }),
      'PodSecurity configuration error: [enforce: must be one of privileged, baseline, restricted, ' +
        'audit: must be one of privileged, baseline, restricted, warn-version: must be "latest" or "v1.x"]',
    ],
    [
      configuration({ exemptions: { namespaces: ['a', 'a'], usernames: [''] } }),
      'PodSecurity invalid: [exemptions.namespaces[1]: Duplicate value: "a", ' +
        'exemptions.usernames[0]: Invalid value: "": username must not be empty]',
    ],
  ])('%j is refused', (given, message) => {
    expect(() => readPodSecurityConfiguration(given)).toThrow(new Error(message));
  });
});
