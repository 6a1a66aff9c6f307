import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AggregatorOptions } from '../options.js';
import { keyPair } from './key-pair.js';
import type { Report } from './report.js';

export function aggregatorOptions(flags: ApiServerFlagValues, report: Report): AggregatorOptions {
  return {
    client: keyPair(flags['proxy-client-cert-file'], flags['proxy-client-key-file'], () =>
      report('--proxy-client-cert-file and --proxy-client-key-file must be specified together'),
    ),
    toEndpoints: flags['enable-aggregator-routing'],
    rejectRedirects: flags['aggregator-reject-forwarding-redirect'],
  };
}
