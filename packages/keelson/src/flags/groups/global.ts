import { implemented } from '../flag.js';
import type { FlagType } from '../flag-type.js';
import { bool, parseBoolean } from '../flag-type.js';

/** Upstream also takes a version to report in place of its own. */
const version: FlagType<'true' | 'false' | 'raw'> = {
  label: 'version[=true]',
  bare: 'true',
  parse: (text) => (text === 'raw' ? text : parseBoolean(text) ? 'true' : 'false'),
  format: (text) => (text === 'false' ? '' : text),
};

export const globalFlags = {
  title: 'Global flags',
  flags: {
    help: implemented(bool, false, 'Print this text and end.', 'h'),
    version: implemented(version, 'false', 'Print the version and end; --version=raw also names the Node.js it runs on.'),
  },
} as const;
