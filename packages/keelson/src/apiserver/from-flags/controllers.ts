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
  return { names, rootCaFile };
}
