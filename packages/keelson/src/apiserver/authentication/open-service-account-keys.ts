import { type ClaimsSigner, type TokenKeys, TokenSigner, VerificationKeys } from '@keelson/auth';
import { formatDurationMs } from '@keelson/machinery';
import type { Instruments, Log } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import type { ServiceAccountOptions } from '../options.js';

/** Keys that tokens of service accounts are signed and verified with. */
export interface ServiceAccountKeys {
  readonly signer: ClaimsSigner | undefined;
  readonly verification: TokenKeys;
  /** Longest life that the signer gives a token; absent: it does not mind. */
  readonly maxTokenSeconds?: number;
  close(): void;
}

/** Tokens cannot be asked for with a shorter life. */
const LEAST_TOKEN_SECONDS = 600;

/** Reads the key files, which are read once, as Kubernetes does, or asks the external signer. What is of no use is the user's to repair. */
export async function openServiceAccountKeys(
  options: ServiceAccountOptions,
  metrics: Pick<Instruments['authentication'], 'externalSigner'>,
  log: Log,
): Promise<ServiceAccountKeys> {
  const { signingEndpoint } = options;
  try {
    return signingEndpoint === undefined ? keysOfFiles(options) : await keysOfSigner(signingEndpoint, options, metrics, log);
  } catch (error) {
    throw new FlagError((error as Error).message, { cause: error });
  }
}

function keysOfFiles({ signingKeyFile, keyFiles }: ServiceAccountOptions): ServiceAccountKeys {
  return {
    signer: signingKeyFile === undefined ? undefined : TokenSigner.fromFile(signingKeyFile),
    verification: VerificationKeys.fromFiles(keyFiles),
    close: () => undefined,
  };
}

/** Loaded only when it is asked for: it brings gRPC. */
async function keysOfSigner(
  socket: string,
  { maxTokenExpirationMs }: ServiceAccountOptions,
  { externalSigner: observer }: Pick<Instruments['authentication'], 'externalSigner'>,
  log: Log,
): Promise<ServiceAccountKeys> {
  const { ExternalKeys, ExternalSigner, SignerClient } = await import('@keelson/auth/external-signer');
  const calls = new SignerClient(socket, observer);
  const keys = new ExternalKeys({ calls, observer, log });
  const close = () => {
    keys.close();
    calls.close();
  };
  const settingUp = (doing: string) => (error: unknown) => {
    throw new Error(`while setting up external-jwt-signer: ${doing}${(error as Error).message}`, { cause: error });
  };
  try {
    await keys.start().catch(settingUp('while initially filling key cache: while performing initial cache fill: '));
    const { maxTokenExpirationSeconds: maxTokenSeconds } = await calls.metadata().catch(settingUp(''));
    checkLifetime(maxTokenSeconds, maxTokenExpirationMs);
    return { signer: new ExternalSigner({ calls, keys, observer }), verification: keys, maxTokenSeconds, close };
  } catch (error) {
    close();
    throw error;
  }
}

function checkLifetime(maxSeconds: number, wantedMs: number): void {
  if (maxSeconds < LEAST_TOKEN_SECONDS)
    throw new Error(
      `max token life supported by external-jwt-signer (${maxSeconds}s) is less than acceptable (min ${LEAST_TOKEN_SECONDS}s)`,
    );
  if (wantedMs <= maxSeconds * 1000) return;
  const [wanted, supported] = [wantedMs, maxSeconds * 1000].map(formatDurationMs);
  throw new Error(
    `service-account-max-token-expiration cannot be set longer than the token expiration supported by service-account-signing-endpoint: ${wanted} > ${supported}`,
  );
}
