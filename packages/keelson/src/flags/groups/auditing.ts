import { implemented } from '../flag.js';
import { bool, duration, float, int, string } from '../flag-type.js';

const second = 1000;

const log = {
  'audit-log-batch-buffer-size': implemented(int, 10_000, 'Events buffered before they are written, in batch mode.'),
  'audit-log-batch-max-size': implemented(int, 1, 'Events in a batch at most.'),
  'audit-log-batch-max-wait': implemented(duration, 0, 'Time after which an incomplete batch is written.'),
  'audit-log-batch-throttle-burst': implemented(int, 0, 'Batches written at once before throttling starts.'),
  'audit-log-batch-throttle-enable': implemented(bool, false, 'Throttle batches.'),
  'audit-log-batch-throttle-qps': implemented(float, 0, 'Batches a second, on average.'),
  'audit-log-compress': implemented(bool, false, 'Compress rotated files with gzip.'),
  'audit-log-format': implemented(string, 'json', 'Format of a line: json or legacy.'),
  'audit-log-maxage': implemented(int, 0, 'Days to keep rotated files.'),
  'audit-log-maxbackup': implemented(int, 0, 'Rotated files to keep. 0: all.'),
  'audit-log-maxsize': implemented(int, 0, 'Megabytes at which the file is rotated. 0: 100.'),
  'audit-log-mode': implemented(
    string,
    'blocking',
    'How events reach the file: batch (nobody waits for it), blocking (answers wait for their events) or blocking-strict (and are refused when one is lost).',
  ),
  'audit-log-path': implemented(string, '', "File for audit events; '-' is standard output."),
  'audit-log-truncate-enabled': implemented(bool, false, 'Truncate large events and batches.'),
  'audit-log-truncate-max-batch-size': implemented(int, 10_485_760, 'Bytes in a batch at most.'),
  'audit-log-truncate-max-event-size': implemented(
    int,
    102_400,
    'Bytes in an event at most. A larger one loses its objects, and is dropped when that is not enough.',
  ),
  'audit-log-version': implemented(string, 'audit.k8s.io/v1', 'API version of events in the file.'),
} as const;

const webhook = {
  'audit-webhook-batch-buffer-size': implemented(int, 10_000, 'Events buffered before they are sent, in batch mode.'),
  'audit-webhook-batch-initial-backoff': implemented(duration, 0, 'Deprecated, use --audit-webhook-initial-backoff instead.'),
  'audit-webhook-batch-max-size': implemented(int, 400, 'Events in a batch at most.'),
  'audit-webhook-batch-max-wait': implemented(duration, 30 * second, 'Time after which an incomplete batch is sent.'),
  'audit-webhook-batch-throttle-burst': implemented(int, 15, 'Batches sent at once before throttling starts.'),
  'audit-webhook-batch-throttle-enable': implemented(bool, true, 'Throttle batches.'),
  'audit-webhook-batch-throttle-qps': implemented(float, 10, 'Batches a second, on average.'),
  'audit-webhook-config-file': implemented(string, '', 'Kubeconfig of the server that audit events are sent to.'),
  'audit-webhook-initial-backoff': implemented(duration, 10 * second, 'Wait before a failed batch is sent again.'),
  'audit-webhook-mode': implemented(
    string,
    'batch',
    'How events are sent: batch (nobody waits for it), blocking (answers wait for their events) or blocking-strict (and are refused when one is lost).',
  ),
  'audit-webhook-truncate-enabled': implemented(bool, false, 'Truncate large events and batches.'),
  'audit-webhook-truncate-max-batch-size': implemented(int, 10_485_760, 'Bytes in a batch at most.'),
  'audit-webhook-truncate-max-event-size': implemented(
    int,
    102_400,
    'Bytes in an event at most. A larger one loses its objects, and is dropped when that is not enough.',
  ),
  'audit-webhook-version': implemented(string, 'audit.k8s.io/v1', 'API version of events sent.'),
} as const;

export const auditingFlags = {
  title: 'Auditing flags',
  flags: {
    ...log,
    ...webhook,
    'audit-policy-file': implemented(
      string,
      '',
      'File that says which requests are audited and how much of them. Without it nothing is audited.',
    ),
  },
} as const;
