import { harmless, implemented } from '../flag.js';
import { keyValues, string, strings } from '../flag-type.js';

export const metricsFlags = {
  title: 'Metrics flags',
  flags: {
    'allow-metric-labels': harmless(keyValues, new Map(), 'Values a label of a metric may have, <metric>,<label>=<value>,...'),
    'allow-metric-labels-manifest': harmless(string, '', 'File with the content of --allow-metric-labels.'),
    'disabled-metrics': implemented(strings, [], 'Metrics not to serve.'),
    'show-hidden-metrics-for-version': harmless(string, '', 'Release whose hidden metrics are served again.'),
  },
} as const;
