import { Client, credentials, status } from '@grpc/grpc-js';
import type { Message } from './message.js';
import { RpcError } from './rpc-error.js';

/** A method that answers one message with another one. */
export interface Method<Q, A> {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly request: Message<Q>;
  readonly response: Message<A>;
}

/** Calls a plugin: a process of this machine that listens on a unix socket. `@name` is one in the abstract namespace. */
export class PluginClient {
  readonly #client: Client;

  constructor(socket: string) {
    const target = socket.startsWith('@') ? `unix-abstract:${socket.slice(1)}` : `unix:${socket}`;
    this.#client = new Client(target, credentials.createInsecure(), {
      'grpc.default_authority': 'localhost',
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
  }

  /** Waits for a plugin that is not there yet, for as long as the call may take. Throws `RpcError`. */
  call<Q, A>({ path, request, response }: Method<Q, A>, asked: Q, timeoutMs: number): Promise<A> {
    const deadline = Date.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(deadline, (notReady) => {
        if (notReady) return reject(new RpcError(status.DEADLINE_EXCEEDED, 'context deadline exceeded', { cause: notReady }));
        this.#client.makeUnaryRequest(
          path,
          (message: Q) => request.encode(message),
          (bytes: Buffer) => response.decode(bytes),
          asked,
          { deadline },
          (error, answer) => (error === null ? resolve(answer as A) : reject(RpcError.of(error))),
        );
      });
    });
  }

  close(): void {
    this.#client.close();
  }
}
