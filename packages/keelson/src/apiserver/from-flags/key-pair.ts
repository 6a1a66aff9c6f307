import type { KeyPairFiles } from '../options.js';
import type { Report } from './report.js';

/** A certificate and its key, which are given together or not at all. */
export function keyPair(certFlag: string, certFile: string, keyFlag: string, keyFile: string, report: Report): KeyPairFiles | undefined {
  if (certFile === '' && keyFile === '') return undefined;
  if (keyFile === '') report(`--${keyFlag} must be specified with --${certFlag}`);
  if (certFile === '') report(`--${certFlag} must be specified with --${keyFlag}`);
  return { certFile, keyFile };
}
