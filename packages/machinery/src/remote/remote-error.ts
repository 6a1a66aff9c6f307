import { joinHostPort } from '../url/join-host-port.js';

/** No answer came from another server: the words are those that clients of Kubernetes know from Go's HTTP client. */
export class RemoteError extends Error {
  /** True when it was given up because its time had passed. */
  readonly timedOut: boolean;
  /** Node's code, such as ECONNREFUSED. */
  readonly code: string | undefined;
  /** True when the other side broke the connection off, rather than just closing it. */
  readonly reset: boolean;

  constructor(method: string, url: string, cause: unknown, timedOut: boolean) {
    super(timedOut || !isCutOff(cause) ? noAnswer(method, url, cause, timedOut) : CUT_OFF, { cause });
    const { code, syscall } = (cause ?? {}) as SystemError;
    this.timedOut = timedOut;
    this.code = code;
    this.reset = code === 'ECONNRESET' && syscall === 'read';
  }
}

const CUT_OFF = 'unexpected error when reading response body. Please retry. Original error: unexpected EOF';

/** What Node says when an answer ends before its end. */
function isCutOff(cause: unknown): boolean {
  return cause instanceof Error && cause.message === 'aborted';
}

function noAnswer(method: string, url: string, cause: unknown, timedOut: boolean): string {
  const reason = timedOut ? 'context deadline exceeded' : connectionFailure(cause, hostOf(url));
  return `${method.charAt(0)}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}: ${reason}`;
}

/** Redirects may point to less than a whole URL. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

interface SystemError extends Error {
  readonly code?: string;
  /** Of what the system said, not Node. */
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly cert?: { readonly subjectaltname?: string };
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: readonly SystemError[];
}

const connectFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

const untrusted = new Set([
  // Another authority of the same name.
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const VERIFY = 'tls: failed to verify certificate: x509:';

/** Why a connection failed. `serverName`: the name that the certificate should have. */
export function connectionFailure(cause: unknown, serverName: string): string {
  const error = cause as SystemError;
  const { code = '', syscall, address, port, errors, message } = error;
  if (errors?.[0] !== undefined) return connectionFailure(errors[0], serverName);
  const refused = connectFailures[code];
  if (refused !== undefined && address !== undefined) return `dial tcp ${joinHostPort(address, port)}: connect: ${refused}`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${error.hostname}: no such host`;
  if (code === 'ECONNRESET' && syscall === 'read') return 'read: connection reset by peer';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'EOF';
  if (untrusted.has(code)) return `${VERIFY} certificate signed by unknown authority`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return `${VERIFY} certificate has expired or is not yet valid`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${VERIFY} ${wrongName(error, serverName)}`;
  return message;
}

function wrongName({ cert }: SystemError, wanted: string): string {
  const names = (cert?.subjectaltname ?? '').split(', ').flatMap((name) => /^(?:DNS|IP Address):(.*)$/.exec(name)?.[1] ?? []);
  return names.length === 0
    ? 'certificate relies on legacy Common Name field, use SANs instead'
    : `certificate is valid for ${names.join(', ')}, not ${wanted}`;
}
