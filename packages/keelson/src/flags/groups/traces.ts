import { harmless } from '../flag.js';
import { string } from '../flag-type.js';

export const tracesFlags = {
  title: 'Traces flags',
  flags: {
    'tracing-config-file': harmless(string, '', 'File that configures tracing.'),
  },
} as const;
