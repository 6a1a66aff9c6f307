import { parseGroupVersion, quote } from '@keelson/machinery';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuditDeliveryOptions, AuditLogOptions, AuditOptions, AuditWebhookOptions } from '../options.js';
import { given, type Report } from './report.js';

type Plugin = 'log' | 'webhook';

const modes: readonly AuditDeliveryOptions['mode'][] = ['batch', 'blocking', 'blocking-strict'];
const formats: readonly AuditLogOptions['format'][] = ['legacy', 'json'];
const auditVersion = 'audit.k8s.io/v1';
const megabyte = 1024 * 1024;
const defaultMaxMegabytes = 100;

export function auditOptions(flags: ApiServerFlagValues, report: Report): AuditOptions {
  return {
    policyFile: given(flags['audit-policy-file']),
    log: whenGiven(flags['audit-log-path'], report, (heed) => logOptions(flags, heed)),
    webhook: whenGiven(flags['audit-webhook-config-file'], report, (heed) => webhookOptions(flags, heed)),
  };
}

/** What belongs to a backend that is not asked for may be as wrong as it likes. */
function whenGiven<T>(main: string, report: Report, read: (report: Report) => T): T | undefined {
  const options = read(main === '' ? () => undefined : report);
  return main === '' ? undefined : options;
}

function logOptions(flags: ApiServerFlagValues, report: Report): AuditLogOptions {
  const delivery = deliveryOptions('log', flags, report);
  checkVersion(flags['audit-log-version'], report);
  const format = formats.find((known) => known === flags['audit-log-format']);
  if (format === undefined)
    report(`invalid audit log format ${flags['audit-log-format']}, allowed formats are ${quote(formats.join(','))}`);
  for (const name of ['audit-log-maxage', 'audit-log-maxbackup', 'audit-log-maxsize'] as const)
    if (flags[name] < 0) report(`--${name} ${flags[name]} can't be a negative number`);
  return {
    path: flags['audit-log-path'],
    format: format ?? 'json',
    maxBytes: (flags['audit-log-maxsize'] || defaultMaxMegabytes) * megabyte,
    maxBackups: flags['audit-log-maxbackup'],
    maxAgeDays: flags['audit-log-maxage'],
    compress: flags['audit-log-compress'],
    delivery,
  };
}

function webhookOptions(flags: ApiServerFlagValues, report: Report): AuditWebhookOptions {
  const delivery = deliveryOptions('webhook', flags, report);
  checkVersion(flags['audit-webhook-version'], report);
  return {
    configFile: flags['audit-webhook-config-file'],
    initialBackoffMs: flags['audit-webhook-batch-initial-backoff'] || flags['audit-webhook-initial-backoff'],
    delivery,
  };
}

function deliveryOptions(plugin: Plugin, flags: ApiServerFlagValues, report: Report): AuditDeliveryOptions {
  const given = flags[`audit-${plugin}-mode`];
  const mode = modes.find((known) => known === given);
  if (mode === undefined) report(`invalid audit ${plugin} mode ${given}, allowed modes are ${quote(modes.join(','))}`);
  return {
    mode: mode ?? 'batch',
    ...batchOptions(plugin, flags, mode === 'batch' ? report : ignore),
    truncate: truncateOptions(plugin, flags, report),
  };
}

function ignore(): void {
  // Other modes make no batches.
}

function batchOptions(plugin: Plugin, flags: ApiServerFlagValues, report: Report) {
  const bufferSize = flags[`audit-${plugin}-batch-buffer-size`];
  const maxBatchSize = flags[`audit-${plugin}-batch-max-size`];
  const perSecond = flags[`audit-${plugin}-batch-throttle-qps`];
  const burst = flags[`audit-${plugin}-batch-throttle-burst`];
  const throttles = flags[`audit-${plugin}-batch-throttle-enable`];
  const positive: readonly (readonly [what: string, value: number])[] = [
    ['buffer size', bufferSize],
    ['max batch size', maxBatchSize],
    ...(throttles
      ? ([
          ['throttle QPS', perSecond],
          ['throttle burst', burst],
        ] as const)
      : []),
  ];
  // As upstream has it, the first problem is the one that is told.
  const wrong = positive.find(([, value]) => value <= 0);
  if (wrong !== undefined) report(`invalid audit batch ${plugin} ${wrong[0]} ${wrong[1]}, must be a positive number`);
  return {
    bufferSize,
    maxBatchSize,
    maxWaitMs: flags[`audit-${plugin}-batch-max-wait`],
    throttle: throttles ? { perSecond, burst } : undefined,
  };
}

function truncateOptions(plugin: Plugin, flags: ApiServerFlagValues, report: Report): AuditDeliveryOptions['truncate'] {
  const maxEventBytes = flags[`audit-${plugin}-truncate-max-event-size`];
  const maxBatchBytes = flags[`audit-${plugin}-truncate-max-batch-size`];
  const of = `invalid audit truncate ${plugin}`;
  if (maxEventBytes <= 0) report(`${of} max event size ${maxEventBytes}, must be a positive number`);
  else if (maxBatchBytes < maxEventBytes)
    report(`${of} max batch size ${maxBatchBytes}, must be greater than max event size (${maxEventBytes})`);
  return flags[`audit-${plugin}-truncate-enabled`] ? { maxEventBytes, maxBatchBytes } : undefined;
}

function checkVersion(version: string, report: Report): void {
  if (parseGroupVersion(version) === undefined) report(`unexpected GroupVersion string: ${version}`);
  else if (version !== auditVersion) report(`invalid group version, allowed versions are [${quote(auditVersion)}]`);
}
