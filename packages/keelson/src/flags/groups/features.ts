import { harmless, implemented } from '../flag.js';
import { bool, duration, string } from '../flag-type.js';

const second = 1000;

export const featuresFlags = {
  title: 'Features flags',
  flags: {
    'contention-profiling': harmless(bool, false, 'Record lock contention for profiling.'),
    'coordinated-leadership-lease-duration': implemented(
      duration,
      15 * second,
      'How long who coordinates leader elections holds the lease for it: others wait so long for its end.',
    ),
    'coordinated-leadership-renew-deadline': implemented(duration, 10 * second, 'Who cannot renew that lease for so long gives up.'),
    'coordinated-leadership-retry-period': implemented(duration, 2 * second, 'Wait between tries to take or renew that lease.'),
    'debug-socket-path': harmless(string, '', 'Unix socket that serves profiles without authentication.'),
    'enable-priority-and-fairness': implemented(
      bool,
      true,
      'Queue requests by priority level and flow, as FlowSchemas and PriorityLevelConfigurations say, instead of counting them alone.',
    ),
    profiling: implemented(bool, true, 'Serve profiles under /debug/pprof/, and /debug/flags/v to change -v.'),
  },
} as const;
