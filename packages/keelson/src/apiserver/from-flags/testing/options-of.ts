import { apiServerFlags } from '../../../flags/apiserver-flags.js';
import { parseFlags } from '../../../flags/parse-flags.js';
import type { ApiServerOptions } from '../../options.js';
import { optionsFromFlags } from '../options-from-flags.js';

/** Flags without which no server starts, and those of issuers of tokens. */
export const etcd = '--etcd-servers=https://127.0.0.1:2379';
export const issuer = ['--service-account-issuer=https://i', '--service-account-signing-key-file=k', '--service-account-key-file=p'];
export const external = ['--service-account-issuer=https://i', '--service-account-signing-endpoint=@signers.token-signer'];

export function optionsOf(...args: string[]): ApiServerOptions {
  return optionsFromFlags(parseFlags(apiServerFlags, args));
}
