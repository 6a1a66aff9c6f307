import { describe, expect, it } from 'vitest';
import { namespacePolicy } from './namespace-policy.js';
import { formatStandard, MODES, type Policy, PRIVILEGED } from './policy.js';

const label = (name: string) => `pod-security.kubernetes.io/${name}`;

function policyOf(said: Record<string, string> | undefined, defaults: Policy = PRIVILEGED): string {
  const labels = said && Object.fromEntries(Object.entries(said).map(([name, value]) => [label(name), value]));
  const { policy } = namespacePolicy(labels, defaults);
  return MODES.map((mode) => formatStandard(policy[mode])).join(' ');
}

const strict: Policy = {
  enforce: { level: 'baseline', version: 20 },
  audit: { level: 'restricted', version: 'latest' },
  warn: { level: 'restricted', version: 21 },
};

describe('namespacePolicy', () => {
  it.each<[Record<string, string> | undefined, string]>([
    [undefined, 'privileged:latest privileged:latest privileged:latest'],
    [{ enforce: 'baseline' }, 'baseline:latest privileged:latest baseline:latest'],
    [{ enforce: 'restricted', 'enforce-version': 'v1.20' }, 'restricted:v1.20 privileged:latest restricted:v1.20'],
    [{ enforce: 'restricted', 'warn-version': 'v1.2' }, 'restricted:latest privileged:latest restricted:v1.2'],
    [{ enforce: 'restricted', warn: 'baseline' }, 'restricted:latest privileged:latest baseline:latest'],
    [{ audit: 'baseline', 'audit-version': 'v1.0' }, 'privileged:latest baseline:v1.0 privileged:latest'],
    [{ enforce: 'Baseline', audit: 'x', warn: '' }, 'restricted:latest privileged:latest privileged:latest'],
    [{ enforce: 'baseline', 'enforce-version': 'v1.01' }, 'baseline:latest privileged:latest baseline:latest'],
    [{ enforce: 'baseline', 'enforce-version': 'v1.9223372036854775808' }, 'baseline:latest privileged:latest baseline:latest'],
  ])('%j: %s', (labels, expected) => {
    expect(policyOf(labels)).toBe(expected);
  });

  it('takes from the defaults what the labels leave out', () => {
    expect(policyOf({}, strict)).toBe('baseline:v1.20 restricted:latest restricted:v1.21');
    expect(policyOf({ enforce: 'privileged', 'audit-version': 'v1.3' }, strict)).toBe('privileged:v1.20 restricted:v1.3 restricted:v1.21');
  });

  it('says what is wrong, mode by mode', () => {
    const labels = { [label('warn')]: 'a', [label('enforce')]: 'b', [label('enforce-version')]: 'v2.0', [label('audit-version')]: '1.20' };
    expect(namespacePolicy(labels, PRIVILEGED).errors.map(String)).toEqual([
      'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "b": must be one of privileged, baseline, restricted',
      'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "v2.0": must be "latest" or "v1.x"',
      'metadata.labels[pod-security.kubernetes.io/audit-version]: Invalid value: "1.20": must be "latest" or "v1.x"',
      'metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "a": must be one of privileged, baseline, restricted',
    ]);
  });
});
