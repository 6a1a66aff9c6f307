import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AggregatorOptions } from '../options.js';
import { keyPair } from './key-pair.js';
import type { Report } from './report.js';

export function aggregatorOptions(flags: ApiServerFlagValues, report: Report): AggregatorOptions {
  const [certFile, keyFile] = ['proxy-client-cert-file', 'proxy-client-key-file'] as const;
  return {
    client: keyPair(certFile, flags[certFile], keyFile, flags[keyFile], report),
    toEndpoints: flags['enable-aggregator-routing'],
    rejectRedirects: flags['aggregator-reject-forwarding-redirect'],
  };
}
