import type { KeyPairFiles } from '../options.js';

/** A certificate and its key, which are given together or not at all. */
export function keyPair(certFile: string, keyFile: string, reportHalf: () => void): KeyPairFiles | undefined {
  if (certFile === '' && keyFile === '') return undefined;
  if (certFile === '' || keyFile === '') reportHalf();
  return { certFile, keyFile };
}
