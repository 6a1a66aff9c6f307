import { Server, ServerCredentials, type ServiceDefinition, type UntypedHandleCall } from '@grpc/grpc-js';
import type { Method } from '../plugin-client.js';

/** A plugin's end of a unix socket. */
export class PluginServer {
  readonly #server = new Server();

  /** `handle` throws what the caller is to get as an error. */
  serve<Q, A>({ path, request, response }: Method<Q, A>, handle: (request: Q) => A | Promise<A>): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const definition: ServiceDefinition = {
      [name]: {
        path,
        requestStream: false,
        responseStream: false,
        requestSerialize: request.encode,
        requestDeserialize: request.decode,
        responseSerialize: response.encode,
        responseDeserialize: response.decode,
      },
    };
    const handler: UntypedHandleCall = async (call: { readonly request: Q }, done: (error: Error | null, answer?: A) => void) => {
      try {
        done(null, await handle(call.request));
      } catch (error) {
        done(error as Error);
      }
    };
    this.#server.addService(definition, { [name]: handler });
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}
