import { implemented, refused } from '../flag.js';
import { string, strings } from '../flag-type.js';

export const admissionFlags = {
  title: 'Admission flags',
  flags: {
    'admission-control': refused(
      strings,
      [],
      'All admission plugins to run, in place of the defaults.',
      'use --enable-admission-plugins and --disable-admission-plugins',
    ),
    'admission-control-config-file': refused(string, '', 'File that configures admission plugins.', 'the plugins would run without it'),
    'disable-admission-plugins': implemented(strings, [], 'Admission plugins to switch off although they are on by default.'),
    'enable-admission-plugins': implemented(
      strings,
      [],
      'Admission plugins to switch on beside those that are on by default. The order does not matter.',
    ),
  },
} as const;
