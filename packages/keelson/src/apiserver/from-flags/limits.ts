import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { LimitOptions, ShutdownOptions } from '../options.js';
import type { Report } from './report.js';

const maxGoawayChance = 0.02;

const notNegative = [
  'max-requests-inflight',
  'max-mutating-requests-inflight',
  'request-timeout',
  'min-request-timeout',
  'shutdown-delay-duration',
  'shutdown-watch-termination-grace-period',
  'storage-initialization-timeout',
] as const;

export function limitOptions(flags: ApiServerFlagValues, report: Report): LimitOptions {
  for (const name of notNegative) if (flags[name] < 0) report(`--${name} can not be negative value`);
  if (flags['goaway-chance'] < 0 || flags['goaway-chance'] > maxGoawayChance) {
    report(`--goaway-chance can not be less than 0 or greater than ${maxGoawayChance}`);
  }
  if (flags['enable-priority-and-fairness'] && flags['max-requests-inflight'] + flags['max-mutating-requests-inflight'] <= 0) {
    report('--max-requests-inflight and --max-mutating-requests-inflight cannot both be 0 when priority and fairness is enabled');
  }
  return {
    maxRequestsInFlight: flags['max-requests-inflight'],
    maxMutatingRequestsInFlight: flags['max-mutating-requests-inflight'],
    priorityAndFairness: flags['enable-priority-and-fairness'],
    requestTimeoutMs: flags['request-timeout'],
    minRequestTimeoutSeconds: flags['min-request-timeout'],
    goawayChance: flags['goaway-chance'],
    storageInitializationTimeoutMs: flags['storage-initialization-timeout'],
  };
}

export function shutdownOptions(flags: ApiServerFlagValues): ShutdownOptions {
  return {
    delayMs: flags['shutdown-delay-duration'],
    sendRetryAfter: flags['shutdown-send-retry-after'],
    watchTerminationGraceMs: flags['shutdown-watch-termination-grace-period'],
  };
}
