import { deprecated, implemented } from '../flag.js';
import { optionalStrings, string, strings } from '../flag-type.js';

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
  },
} as const;
