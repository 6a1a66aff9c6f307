import { harmless, implemented } from '../flag.js';
import { bool, duration, string } from '../flag-type.js';

const second = 1000;

export const featuresFlags = {
  title: 'Features flags',
  flags: {
    'contention-profiling': harmless(bool, false, 'Record lock contention for profiling.'),
    'coordinated-leadership-lease-duration': harmless(duration, 15 * second, 'Duration of leases of coordinated leader election.'),
    'coordinated-leadership-renew-deadline': harmless(duration, 10 * second, 'Deadline to renew a lease of coordinated leader election.'),
    'coordinated-leadership-retry-period': harmless(
      duration,
      2 * second,
      'Wait between tries to renew a lease of coordinated leader election.',
    ),
    'debug-socket-path': harmless(string, '', 'Unix socket that serves profiles without authentication.'),
    'enable-priority-and-fairness': implemented(
      bool,
      true,
      'Queue requests by priority level and flow, as FlowSchemas and PriorityLevelConfigurations say, instead of counting them alone.',
    ),
    profiling: implemented(bool, true, 'Serve profiles under /debug/pprof/, and /debug/flags/v to change -v.'),
  },
} as const;
