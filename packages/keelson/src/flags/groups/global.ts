import { implemented } from '../flag.js';
import type { FlagType } from '../flag-type.js';
import { bool } from '../flag-type.js';

const version: FlagType<string> = {
  label: 'version[=true]',
  bare: 'true',
  parse: (text) => text,
  format: (text) => (text === 'false' ? '' : text),
};

export const globalFlags = {
  title: 'Global flags',
  flags: {
    help: implemented(bool, false, 'Print this text and end.', 'h'),
    version: implemented(version, 'false', 'Print the version and end; --version=raw prints it in full.'),
  },
} as const;
