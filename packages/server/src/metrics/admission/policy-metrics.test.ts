import { expect, it } from 'vitest';
import { MetricsRegistry } from '../registry/metrics-registry.js';
import { PolicyMetrics } from './policy-metrics.js';

it('counts what policies do under the names of Kubernetes', async () => {
  const registry = new MetricsRegistry();
  const metrics = new PolicyMetrics(registry);
  metrics.validated('p', 'b', 'invalid_error', 'deny', 2);
  metrics.mutated('q', 'c', 'no_error', 3);
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const lines = text.split('\n').filter((line) => /^[^#].*(?:_total|_count)/.test(line));
  expect(lines).toEqual([
    'apiserver_validating_admission_policy_check_total{policy="p",policy_binding="b",error_type="invalid_error",enforcement_action="deny"} 1',
    'apiserver_validating_admission_policy_check_duration_seconds_count{policy="p",policy_binding="b",error_type="invalid_error",enforcement_action="deny"} 1',
    'apiserver_mutating_admission_policy_check_total{policy="q",policy_binding="c",error_type="no_error"} 1',
    'apiserver_mutating_admission_policy_check_duration_seconds_count{policy="q",policy_binding="c",error_type="no_error"} 1',
  ]);
});
