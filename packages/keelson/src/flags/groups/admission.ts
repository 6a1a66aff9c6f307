import { deprecated, implemented } from '../flag.js';
import { bool, int, optionalStrings, string, strings } from '../flag-type.js';

export const admissionFlags = {
  title: 'Admission flags',
  flags: {
    'admission-control': deprecated(
      implemented(optionalStrings, undefined, 'All admission plugins that run, in place of the defaults. The order does not matter.'),
      'Use --enable-admission-plugins or --disable-admission-plugins instead. Will be removed in a future version.',
    ),
    'admission-control-config-file': implemented(string, '', 'File that configures admission plugins.'),
    'disable-admission-plugins': implemented(strings, [], 'Admission plugins to switch off although they are on by default.'),
    'enable-admission-plugins': implemented(
      strings,
      [],
      'Admission plugins to switch on beside those that are on by default. The order does not matter.',
    ),
    'warn-risky-webhooks': implemented(
      bool,
      true,
      'Warn who writes the configuration of a webhook that it is asked about leases, or about what is in the namespace of its own service.',
    ),
    'webhook-breaker-failures': implemented(
      int,
      3,
      'Failures in a row after which a webhook whose failurePolicy is Ignore is not asked for a while. 0: it is asked for every request.',
    ),
  },
} as const;
