import { describe, expect, it } from 'vitest';
import { apiServerFlags } from '../../flags/apiserver-flags.js';
import { parseFlags } from '../../flags/parse-flags.js';
import { auditOptions } from './auditing.js';

function read(...args: string[]) {
  const problems: string[] = [];
  return { options: auditOptions(parseFlags(apiServerFlags, args).values, (problem) => problems.push(problem)), problems };
}

const log = '--audit-log-path=/var/log/audit.log';
const webhook = '--audit-webhook-config-file=/etc/audit.yaml';

describe('audit options', () => {
  it('are none by default', () => {
    expect(read()).toEqual({ options: { policyFile: undefined, log: undefined, webhook: undefined }, problems: [] });
  });

  it("have kube-apiserver's defaults", () => {
    expect(read(log, webhook, '--audit-policy-file=/etc/policy.yaml').options).toEqual({
      policyFile: '/etc/policy.yaml',
      log: {
        path: '/var/log/audit.log',
        format: 'json',
        maxBytes: 100 * 1024 * 1024,
        maxBackups: 0,
        maxAgeDays: 0,
        compress: false,
        delivery: { mode: 'blocking', bufferSize: 10_000, maxBatchSize: 1, maxWaitMs: 0, throttle: undefined, truncate: undefined },
      },
      webhook: {
        configFile: '/etc/audit.yaml',
        initialBackoffMs: 10_000,
        delivery: {
          mode: 'batch',
          bufferSize: 10_000,
          maxBatchSize: 400,
          maxWaitMs: 30_000,
          throttle: { perSecond: 10, burst: 15 },
          truncate: undefined,
        },
      },
    });
  });

  it('take everything that is said', () => {
    const { options, problems } = read(
      log,
      '--audit-log-format=legacy',
      '--audit-log-maxsize=2',
      '--audit-log-maxbackup=3',
      '--audit-log-maxage=4',
      '--audit-log-compress',
      '--audit-log-mode=batch',
      '--audit-log-batch-buffer-size=5',
      '--audit-log-batch-max-size=6',
      '--audit-log-batch-max-wait=7s',
      '--audit-log-batch-throttle-enable',
      '--audit-log-batch-throttle-qps=0.5',
      '--audit-log-batch-throttle-burst=8',
      '--audit-log-truncate-enabled',
      '--audit-log-truncate-max-event-size=9',
      '--audit-log-truncate-max-batch-size=10',
      webhook,
      '--audit-webhook-mode=blocking-strict',
      '--audit-webhook-batch-initial-backoff=11s',
    );
    expect(problems).toEqual([]);
    expect(options.log).toEqual({
      path: '/var/log/audit.log',
      format: 'legacy',
      maxBytes: 2 * 1024 * 1024,
      maxBackups: 3,
      maxAgeDays: 4,
      compress: true,
      delivery: {
        mode: 'batch',
        bufferSize: 5,
        maxBatchSize: 6,
        maxWaitMs: 7000,
        throttle: { perSecond: 0.5, burst: 8 },
        truncate: { maxEventBytes: 9, maxBatchBytes: 10 },
      },
    });
    expect(options.webhook).toMatchObject({ initialBackoffMs: 11_000, delivery: { mode: 'blocking-strict' } });
  });

  it.each([
    [[log, '--audit-log-mode=slow'], 'invalid audit log mode slow, allowed modes are "batch,blocking,blocking-strict"'],
    [[log, '--audit-log-format=xml'], 'invalid audit log format xml, allowed formats are "legacy,json"'],
    [[log, '--audit-log-version=audit.k8s.io/v1beta1'], 'invalid group version, allowed versions are ["audit.k8s.io/v1"]'],
    [[log, '--audit-log-version=a/b/c'], 'unexpected GroupVersion string: a/b/c'],
    [[log, '--audit-log-maxage=-1'], "--audit-log-maxage -1 can't be a negative number"],
    [[log, '--audit-log-maxbackup=-1'], "--audit-log-maxbackup -1 can't be a negative number"],
    [[log, '--audit-log-maxsize=-1'], "--audit-log-maxsize -1 can't be a negative number"],
    [[webhook, '--audit-webhook-batch-buffer-size=0'], 'invalid audit batch webhook buffer size 0, must be a positive number'],
    [[webhook, '--audit-webhook-batch-max-size=-1'], 'invalid audit batch webhook max batch size -1, must be a positive number'],
    [[webhook, '--audit-webhook-batch-throttle-qps=0'], 'invalid audit batch webhook throttle QPS 0, must be a positive number'],
    [[webhook, '--audit-webhook-batch-throttle-burst=0'], 'invalid audit batch webhook throttle burst 0, must be a positive number'],
    [[webhook, '--audit-webhook-truncate-max-event-size=0'], 'invalid audit truncate webhook max event size 0, must be a positive number'],
    [
      [webhook, '--audit-webhook-truncate-max-batch-size=5'],
      'invalid audit truncate webhook max batch size 5, must be greater than max event size (102400)',
    ],
  ])('%j are refused', (args, problem) => {
    expect(read(...args).problems).toEqual([problem]);
  });

  it.each([
    ['--audit-log-mode=slow'],
    ['--audit-webhook-batch-buffer-size=0'],
    [log, '--audit-log-batch-buffer-size=0'],
    [webhook, '--audit-webhook-mode=blocking', '--audit-webhook-batch-throttle-qps=0'],
  ])('that mean nothing here may be anything: %s %s %s', (...args) => {
    expect(read(...args.filter(Boolean)).problems).toEqual([]);
  });
});
