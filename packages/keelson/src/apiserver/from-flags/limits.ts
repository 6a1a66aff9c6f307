import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { LimitOptions, ShutdownOptions } from '../options.js';
import type { Report } from './report.js';

const maxGoawayChance = 0.02;

/** Whose metrics may be hidden only now. */
const previousRelease = '1.33';

const notNegative = [
  'max-requests-inflight',
  'max-mutating-requests-inflight',
  'request-timeout',
  'min-request-timeout',
  'shutdown-delay-duration',
] as const;

export function limitOptions(flags: ApiServerFlagValues, report: Report): LimitOptions {
  for (const name of notNegative) if (flags[name] < 0) report(`--${name} can not be negative value`);
  if (flags['livez-grace-period'] < 0) report('--livez-grace-period can not be a negative value');
  if (flags['shutdown-watch-termination-grace-period'] < 0)
    report('shutdown-watch-termination-grace-period, if provided, can not be a negative value');
  if (flags['goaway-chance'] < 0 || flags['goaway-chance'] > maxGoawayChance) {
    report(`--goaway-chance can not be less than 0 or greater than ${maxGoawayChance}`);
  }
  requirePreviousRelease(flags['show-hidden-metrics-for-version'], report);
  const priorityAndFairness = flags['enable-priority-and-fairness'];
  if (priorityAndFairness) reportMissingSeats(flags, report);
  return {
    maxRequestsInFlight: flags['max-requests-inflight'],
    maxMutatingRequestsInFlight: flags['max-mutating-requests-inflight'],
    priorityAndFairness,
    requestTimeoutMs: flags['request-timeout'],
    minRequestTimeoutSeconds: flags['min-request-timeout'],
    goawayChance: flags['goaway-chance'],
    livezGraceMs: flags['livez-grace-period'],
  };
}

function requirePreviousRelease(release: string, report: Report): void {
  if (release === '' || release === previousRelease) return;
  report(
    `--show-hidden-metrics-for-version must be omitted or have the value '${previousRelease}'. Only the previous minor version is allowed`,
  );
}

function reportMissingSeats(flags: ApiServerFlagValues, report: Report): void {
  const { 'max-requests-inflight': reading, 'max-mutating-requests-inflight': mutating } = flags;
  if (reading + mutating > 0) return;
  report(
    `invalid configuration: MaxRequestsInFlight=${reading} and MaxMutatingRequestsInFlight=${mutating}; they must add up to something positive`,
  );
}

export function shutdownOptions(flags: ApiServerFlagValues): ShutdownOptions {
  return {
    delayMs: flags['shutdown-delay-duration'],
    sendRetryAfter: flags['shutdown-send-retry-after'],
    watchTerminationGraceMs: flags['shutdown-watch-termination-grace-period'],
  };
}
