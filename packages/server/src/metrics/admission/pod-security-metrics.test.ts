import type { AdmissionAttributes } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { MetricsRegistry } from '../registry/metrics-registry.js';
import { PodSecurityMetrics } from './pod-security-metrics.js';

it('counts what Pod Security does under the names of Kubernetes', async () => {
  const registry = new MetricsRegistry();
  const metrics = new PodSecurityMetrics(registry);
  const of = (operation: string, group: string, resource: string, subresource = '') =>
    ({ operation, resource: { group, version: 'v1', resource }, subresource }) as AdmissionAttributes;
  metrics.evaluated(of('CREATE', '', 'pods'), true, 'enforce', 'privileged', 'latest');
  metrics.evaluated(of('UPDATE', '', 'pods', 'ephemeralcontainers'), false, 'enforce', 'baseline', 'v1.30');
  metrics.evaluated(of('CREATE', 'apps', 'deployments'), false, 'warn', 'restricted', 'future');
  metrics.exempted(of('UPDATE', '', 'replicationcontrollers'));
  metrics.failed(of('CREATE', '', 'pods'), false);
  let text = '';
  for await (const lines of registry.render()) text += lines;
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'pod_security_errors_total{fatal="false",request_operation="create",resource="pod",subresource=""} 1',
    `pod_security_evaluations_total{${decision('allow', 'privileged', 'latest', 'enforce')},${request('create', 'pod')}} 1`,
    `pod_security_evaluations_total{${decision('allow', 'privileged', 'latest', 'enforce')},${request('update', 'pod')}} 0`,
    `pod_security_evaluations_total{${decision('deny', 'baseline', 'v1.30', 'enforce')},${request('update', 'pod', 'ephemeralcontainers')}} 1`,
    `pod_security_evaluations_total{${decision('deny', 'restricted', 'future', 'warn')},${request('create', 'controller')}} 1`,
    `pod_security_exemptions_total{${request('create', 'pod')}} 0`,
    `pod_security_exemptions_total{${request('create', 'controller')}} 0`,
    `pod_security_exemptions_total{${request('update', 'pod')}} 0`,
    `pod_security_exemptions_total{${request('update', 'controller')}} 1`,
  ]);
});

function decision(made: string, level: string, version: string, mode: string): string {
  return `decision="${made}",policy_level="${level}",policy_version="${version}",mode="${mode}"`;
}

function request(operation: string, resource: string, subresource = ''): string {
  return `request_operation="${operation}",resource="${resource}",subresource="${subresource}"`;
}
