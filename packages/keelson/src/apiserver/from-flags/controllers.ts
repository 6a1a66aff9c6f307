import type { LeadershipTimes } from '@keelson/controllers';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { ControllerName, ControllerOptions } from '../options.js';
import type { Report } from './report.js';
import { given } from './report.js';

const known: readonly ControllerName[] = [
  'serviceaccount-token-controller',
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
  'resourcequota-controller',
  'clusterrole-aggregation-controller',
  'validatingadmissionpolicy-status-controller',
];

/** Who could lead longer than its lease lasts would not lead alone. */
function leadershipTimes(flags: ApiServerFlagValues, report: Report): LeadershipTimes {
  const [lease, deadline, retry] = ['lease-duration', 'renew-deadline', 'retry-period'].map((end) => `coordinated-leadership-${end}`);
  const times = {
    leaseMs: flags['coordinated-leadership-lease-duration'],
    renewDeadlineMs: flags['coordinated-leadership-renew-deadline'],
    retryMs: flags['coordinated-leadership-retry-period'],
  };
  if (times.leaseMs <= times.renewDeadlineMs) report(`--${lease} must be greater than --${deadline}`);
  if (times.renewDeadlineMs <= times.retryMs) report(`--${deadline} must be greater than --${retry}`);
  return times;
}

/** Those that hand out the authority of the server. */
const publishers: readonly ControllerName[] = ['serviceaccount-token-controller', 'root-ca-certificate-publisher-controller'];

export function controllerOptions(flags: ApiServerFlagValues, report: Report): ControllerOptions {
  const asked = flags.controllers;
  for (const name of asked) {
    if (name !== '*' && !known.some((one) => one === name))
      report(`--controllers: ${JSON.stringify(name)} is not in the list of known controllers`);
  }
  const names = known.filter((name) => asked.includes(name) || asked.includes('*'));
  const rootCaFile = given(flags['root-ca-file']);
  const publishing = names.filter((name) => publishers.includes(name));
  if (publishing.length > 0 && rootCaFile === undefined)
    report(`--root-ca-file must be specified with --controllers=${publishing.join(',')}`);
  if (names.includes('serviceaccount-token-controller') && flags['service-account-signing-key-file'] === '') {
    report('--service-account-signing-key-file must be specified with --controllers=serviceaccount-token-controller');
  }
  return { names, rootCaFile, leadership: leadershipTimes(flags, report) };
}
