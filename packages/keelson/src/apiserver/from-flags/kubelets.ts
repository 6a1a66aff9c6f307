import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { KubeletAccessOptions } from '../options.js';
import { keyPair } from './key-pair.js';
import type { Report } from './report.js';

export function kubeletOptions(flags: ApiServerFlagValues, report: Report): KubeletAccessOptions {
  const authorityFile = flags['kubelet-certificate-authority'];
  return {
    addressTypes: flags['kubelet-preferred-address-types'],
    authorityFile: authorityFile === '' ? undefined : authorityFile,
    client: keyPair(flags['kubelet-client-certificate'], flags['kubelet-client-key'], () =>
      report('--kubelet-client-certificate and --kubelet-client-key must be specified together'),
    ),
  };
}
