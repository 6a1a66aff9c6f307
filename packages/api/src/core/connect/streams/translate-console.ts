import { text } from 'node:stream/consumers';
import { ApiError, internalError, type Json, type JsonObject } from '@keelson/machinery';
import { acceptWebSocket, type KeelsonContext, type SpdyStream } from '@keelson/server';
import type { Destination } from '../destinations/destination.js';
import { ExitError, KubeletConsole } from './kubelet-console.js';
import { Channel, WebSocketConsole } from './web-socket-console.js';
import { CONSOLE_PROTOCOL, MOST_MESSAGE_BYTES } from './web-socket-protocols.js';

/** Which streams a console has. */
export type ConsoleOptions = Partial<Record<'stdin' | 'stdout' | 'stderr' | 'tty', boolean>>;

/**
 * A console between a client that speaks WebSocket and a kubelet that speaks SPDY, as all do. The client is taken first, and
 * told by the console itself what becomes of it.
 */
export function translateConsole(ctx: KeelsonContext, destination: Destination, query: string, options: JsonObject): void {
  const accepted = acceptWebSocket(ctx, () => CONSOLE_PROTOCOL, MOST_MESSAGE_BYTES);
  if (accepted === undefined) return;
  const { socket } = accepted;
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const client = new WebSocketConsole(socket);
  // It outlives its request, as every connection does that has left HTTP.
  void serve(client, { destination, query, options, signal: gone.signal }).finally(() => client.close());
}

interface ConsoleRequest {
  readonly destination: Destination;
  readonly query: string;
  readonly options: ConsoleOptions;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

async function serve(client: WebSocketConsole, request: ConsoleRequest): Promise<void> {
  try {
    await client.send(lowestChannel(request.options), Buffer.alloc(0));
    const outcome = await run(client, request).then(
      (): Json => ({ metadata: {}, status: 'Success' }),
      (error: unknown) => outcomeOf(error),
    );
    await client.send(Channel.outcome, Buffer.from(JSON.stringify(outcome)));
  } catch {
    // Nobody is there any more to be told.
  }
}

/** An empty message there tells the client that it is connected. */
function lowestChannel({ stdout, stderr }: ConsoleOptions): number {
  if (stdout) return Channel.stdout;
  return stderr ? Channel.stderr : Channel.outcome;
}

function outcomeOf(error: unknown): Json {
  if (error instanceof ExitError) return error.outcome;
  const { kind: _kind, apiVersion: _apiVersion, ...status } = (error instanceof ApiError ? error : internalError(error)).status;
  return status as unknown as Json;
}

/** Until the program has ended; throws when it could not be run, or has not ended well. */
async function run(client: WebSocketConsole, { destination, query, options, signal }: ConsoleRequest): Promise<void> {
  const { stdin = false, stdout = false, stderr = false, tty = false } = options;
  const kubelet = await KubeletConsole.open(destination, query, signal);
  const leave = () => kubelet.close();
  signal.addEventListener('abort', leave);
  try {
    const errors = await kubelet.stream('error');
    errors.end();
    const said = text(errors);
    // Whoever waits for it may give up before.
    said.catch(() => undefined);
    // The program begins when all are there; nobody reads any of them before.
    const into = stdin ? await kubelet.stream('stdin') : undefined;
    const out = stdout ? await kubelet.stream('stdout') : undefined;
    const err = stderr && !tty ? await kubelet.stream('stderr') : undefined;
    const sizes = tty && kubelet.takesSizes ? await kubelet.stream('resize') : undefined;
    if (into) copyIn(client, into);
    if (sizes) client.sizes.pipe(sizes).on('error', () => undefined);
    await Promise.all([out && copyOut(out, client, Channel.stdout), err && copyOut(err, client, Channel.stderr)]);
    kubelet.judge(await said);
  } finally {
    signal.removeEventListener('abort', leave);
    kubelet.close();
  }
}

/** The end of what the client says is told to the program, too. */
function copyIn({ stdin }: WebSocketConsole, into: SpdyStream): void {
  stdin.pipe(into).on('error', () => undefined);
  // A kubelet that ends it from its side wants no more.
  into.resume().once('end', () => into.end());
}

async function copyOut(from: SpdyStream, client: WebSocketConsole, channel: number): Promise<void> {
  for await (const bytes of from.iterator({ destroyOnReturn: false })) await client.send(channel, bytes as Buffer);
}
