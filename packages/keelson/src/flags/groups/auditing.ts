import { harmless, refused } from '../flag.js';
import { bool, duration, float, int, oneOf, string } from '../flag-type.js';

const second = 1000;
const notAudited = 'requests would not be audited';
const mode = oneOf('batch', 'blocking', 'blocking-strict');

const log = {
  'audit-log-batch-buffer-size': harmless(int, 10_000, 'Events buffered before they are written, in batch mode.'),
  'audit-log-batch-max-size': harmless(int, 1, 'Events in a batch at most.'),
  'audit-log-batch-max-wait': harmless(duration, 0, 'Time after which an incomplete batch is written.'),
  'audit-log-batch-throttle-burst': harmless(int, 0, 'Batches written at once before throttling starts.'),
  'audit-log-batch-throttle-enable': harmless(bool, false, 'Throttle batches.'),
  'audit-log-batch-throttle-qps': harmless(float, 0, 'Batches a second, on average.'),
  'audit-log-compress': harmless(bool, false, 'Compress rotated files with gzip.'),
  'audit-log-format': harmless(oneOf('json', 'legacy'), 'json', 'Format of a line: json or legacy.'),
  'audit-log-maxage': harmless(int, 0, 'Days to keep rotated files.'),
  'audit-log-maxbackup': harmless(int, 0, 'Rotated files to keep. 0: all.'),
  'audit-log-maxsize': harmless(int, 0, 'Megabytes at which the file is rotated.'),
  'audit-log-mode': harmless(mode, 'blocking', 'How events reach the file: batch, blocking or blocking-strict.'),
  'audit-log-path': refused(string, '', "File for audit events; '-' is standard output.", notAudited),
  'audit-log-truncate-enabled': harmless(bool, false, 'Truncate large events and batches.'),
  'audit-log-truncate-max-batch-size': harmless(int, 10_485_760, 'Bytes in a batch at most.'),
  'audit-log-truncate-max-event-size': harmless(int, 102_400, 'Bytes in an event at most.'),
  'audit-log-version': harmless(string, 'audit.k8s.io/v1', 'API version of events in the file.'),
} as const;

const webhook = {
  'audit-webhook-batch-buffer-size': harmless(int, 10_000, 'Events buffered before they are sent, in batch mode.'),
  'audit-webhook-batch-max-size': harmless(int, 400, 'Events in a batch at most.'),
  'audit-webhook-batch-max-wait': harmless(duration, 30 * second, 'Time after which an incomplete batch is sent.'),
  'audit-webhook-batch-throttle-burst': harmless(int, 15, 'Batches sent at once before throttling starts.'),
  'audit-webhook-batch-throttle-enable': harmless(bool, true, 'Throttle batches.'),
  'audit-webhook-batch-throttle-qps': harmless(float, 10, 'Batches a second, on average.'),
  'audit-webhook-config-file': refused(string, '', 'Kubeconfig of the server that audit events are sent to.', notAudited),
  'audit-webhook-initial-backoff': harmless(duration, 10 * second, 'Wait before a failed batch is sent again.'),
  'audit-webhook-mode': harmless(mode, 'batch', 'How events are sent: batch, blocking or blocking-strict.'),
  'audit-webhook-truncate-enabled': harmless(bool, false, 'Truncate large events and batches.'),
  'audit-webhook-truncate-max-batch-size': harmless(int, 10_485_760, 'Bytes in a batch at most.'),
  'audit-webhook-truncate-max-event-size': harmless(int, 102_400, 'Bytes in an event at most.'),
  'audit-webhook-version': harmless(string, 'audit.k8s.io/v1', 'API version of events sent.'),
} as const;

export const auditingFlags = {
  title: 'Auditing flags',
  flags: {
    ...log,
    ...webhook,
    'audit-policy-file': refused(string, '', 'File that says which requests are audited and how much of them.', notAudited),
  },
} as const;
