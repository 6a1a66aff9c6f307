import { expect, it } from 'vitest';
import { MetricsRegistry } from '../registry/metrics-registry.js';
import { WebhookMetrics } from './webhook-metrics.js';

it('counts what webhooks do under the names of Kubernetes', async () => {
  const registry = new MetricsRegistry();
  const metrics = new WebhookMetrics(registry);
  metrics.called('a.x.io', 'admit', 'CREATE', 200, false, 30);
  metrics.called('a.x.io', 'admit', 'CREATE', 4040, true, 30_000);
  metrics.rejected('a.x.io', 'admit', 'CREATE', 'no_error', 4040);
  metrics.failedOpen('b.x.io', 'validating');
  metrics.conditionsEvaluated('b.x.io', 'validating', 'UPDATE', { failed: true, excludes: true }, 2);
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const lines = text.split('\n').filter((line) => /^[^#].* [1-9]/.test(line) && !/_sum|le="(?!\+Inf)/.test(line));
  expect(lines.map((line) => line.replace('apiserver_admission_', ''))).toEqual([
    'webhook_admission_duration_seconds_bucket{name="a.x.io",type="admit",operation="CREATE",rejected="false",le="+Inf"} 1',
    'webhook_admission_duration_seconds_count{name="a.x.io",type="admit",operation="CREATE",rejected="false"} 1',
    'webhook_admission_duration_seconds_bucket{name="a.x.io",type="admit",operation="CREATE",rejected="true",le="+Inf"} 1',
    'webhook_admission_duration_seconds_count{name="a.x.io",type="admit",operation="CREATE",rejected="true"} 1',
    'webhook_request_total{name="a.x.io",type="admit",operation="CREATE",code="200",rejected="false"} 1',
    'webhook_request_total{name="a.x.io",type="admit",operation="CREATE",code="600",rejected="true"} 1',
    'webhook_rejection_count{name="a.x.io",type="admit",operation="CREATE",error_type="no_error",rejection_code="600"} 1',
    'webhook_fail_open_count{name="b.x.io",type="validating"} 1',
    'match_condition_evaluation_errors_total{name="b.x.io",kind="webhook",type="validating",operation="UPDATE"} 1',
    'match_condition_exclusions_total{name="b.x.io",kind="webhook",type="validate",operation="UPDATE"} 1',
    'match_condition_evaluation_seconds_bucket{name="b.x.io",kind="webhook",type="validating",operation="UPDATE",le="+Inf"} 1',
    'match_condition_evaluation_seconds_count{name="b.x.io",kind="webhook",type="validating",operation="UPDATE"} 1',
  ]);
});
