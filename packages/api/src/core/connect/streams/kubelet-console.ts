import { ApiError, internalError, type Json, RemoteError, readBeginning, type Status } from '@keelson/machinery';
import { SpdyConnection, type SpdyStream, type UpgradeAnswer } from '@keelson/server';
import { type Destination, urlOf } from '../destinations/destination.js';
import { askForSpdy, chosenVersion, isSpdy } from './kubelet-spdy.js';

/** The one that is wanted most first. */
const VERSIONS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'] as const;
const PING_MS = 5_000;
/** Of what a kubelet says when it refuses. */
const REFUSAL_LIMIT_BYTES = 1 << 20;

/** A kubelet's end of a console, whose streams are streams of SPDY. */
export class KubeletConsole {
  readonly #connection: SpdyConnection;
  readonly #version: string;
  readonly #pinging: NodeJS.Timeout;

  private constructor(connection: SpdyConnection, version: string) {
    this.#connection = connection;
    this.#version = version;
    this.#pinging = setInterval(() => connection.ping(), PING_MS).unref();
    void connection.whenClosed.then(() => clearInterval(this.#pinging));
  }

  /** Throws what a client of Kubernetes is told when it cannot be opened. */
  static async open(destination: Destination, query: string, signal: AbortSignal): Promise<KubeletConsole> {
    let upgraded: UpgradeAnswer;
    try {
      upgraded = await askForSpdy(destination, { query, versions: VERSIONS, signal });
    } catch (error) {
      throw internalError(`error sending request: ${new RemoteError('POST', urlOf(destination, query), error, false).message}`);
    }
    if (upgraded.socket === undefined || !isSpdy(upgraded.answer)) throw await refusal(upgraded);
    const { socket, head, answer } = upgraded;
    return new KubeletConsole(new SpdyConnection(socket, head, { role: 'client' }), chosenVersion(answer));
  }

  stream(type: 'error' | 'stdin' | 'stdout' | 'stderr' | 'resize'): Promise<SpdyStream> {
    return this.#connection.open({ streamtype: [type] });
  }

  /** Whether it is told of the size of terminals. */
  get takesSizes(): boolean {
    return this.#speaks('v3.channel.k8s.io');
  }

  /** What has become of the program, as its error stream says at the end; throws when that was no success. */
  judge(said: string): void {
    if (said === '') return;
    if (!this.#speaks('v4.channel.k8s.io')) throw internalError(`error executing remote command: ${said}`);
    const failure = failureOf(said);
    if (failure !== undefined) throw failure;
  }

  close(): void {
    this.#connection.close();
  }

  /** That version, or a later one. */
  #speaks(version: (typeof VERSIONS)[number]): boolean {
    return (VERSIONS.slice(0, VERSIONS.indexOf(version) + 1) as readonly string[]).includes(this.#version);
  }
}

/** In the kubelet's words. */
async function refusal({ answer, socket }: UpgradeAnswer): Promise<ApiError> {
  socket?.destroy();
  const said = socket === undefined ? String(await readBeginning(answer, REFUSAL_LIMIT_BYTES)).trim() : '';
  const status = statusOf(said);
  if (status === undefined) return internalError(`unable to upgrade connection: ${said}`);
  return new ApiError(status.code ?? answer.statusCode ?? 500, status.reason ?? '', status.message ?? '', status.details);
}

function statusOf(said: string): Status | undefined {
  try {
    const read = JSON.parse(said) as Status;
    return read.kind === 'Status' ? read : undefined;
  } catch {
    return undefined;
  }
}

interface Outcome {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

function failureOf(said: string): Error | undefined {
  let outcome: Outcome;
  try {
    outcome = JSON.parse(said) as Outcome;
  } catch (error) {
    return internalError(`error stream protocol error: ${(error as Error).message} in ${JSON.stringify(said)}`);
  }
  if (outcome.status === 'Success') return undefined;
  if (outcome.status !== 'Failure') return internalError('error stream protocol error: unknown error');
  if (outcome.reason !== 'NonZeroExitCode') return internalError(outcome.message ?? '');
  const cause = outcome.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause === undefined) {
    const lacks = outcome.details === undefined ? 'details must be set' : 'no ExitCode cause given';
    return internalError(`error stream protocol error: ${lacks}`);
  }
  const { message = '' } = cause;
  if (!/^\d{1,3}$/.test(message) || Number(message) > 255)
    return internalError(`error stream protocol error: invalid exit code value ${JSON.stringify(message)}`);
  return new ExitError(Number(message));
}

/** The program has ended by itself, and not well. */
export class ExitError extends Error {
  readonly outcome: Json;

  constructor(code: number) {
    super(`command terminated with exit code ${code}`);
    this.outcome = {
      metadata: {},
      status: 'Failure',
      message: `command terminated with non-zero exit code: ${this.message}`,
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
    };
  }
}
