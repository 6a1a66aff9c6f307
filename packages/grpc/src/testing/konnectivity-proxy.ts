import { connect, type Socket } from 'node:net';
import { Server, ServerCredentials, type ServerDuplexStream, type UntypedHandleCall } from '@grpc/grpc-js';
import { type Packet, PacketType, packets, tunnelPath } from '../konnectivity/packets.js';

/** A proxy of apiserver-network-proxy together with its agent: it connects from this machine. */
export class KonnectivityProxy {
  /** Where it was asked to connect. */
  readonly dialled: string[] = [];
  /** Connections whose end it was told. */
  closed = 0;
  readonly #server = new Server();
  readonly #sockets = new Set<Socket>();
  readonly #to: (address: string) => { readonly host: string; readonly port: number } | undefined;

  /** `to`: where an address really is; undefined is refused. */
  constructor(to: (address: string) => { readonly host: string; readonly port: number } | undefined) {
    this.#to = to;
    const handler: UntypedHandleCall = (stream: ServerDuplexStream<Packet, Packet>) => this.#serve(stream);
    this.#server.addService(
      {
        Proxy: {
          path: tunnelPath,
          requestStream: true,
          responseStream: true,
          requestSerialize: packets.encode,
          requestDeserialize: packets.decode,
          responseSerialize: packets.encode,
          responseDeserialize: packets.decode,
        },
      },
      { Proxy: handler },
    );
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.forceShutdown();
  }

  #serve(stream: ServerDuplexStream<Packet, Packet>): void {
    const connectID = this.dialled.length + 1;
    let socket: Socket | undefined;
    stream.on('error', () => socket?.destroy());
    stream.on('end', () => stream.end());
    stream.on('cancelled', () => socket?.destroy());
    stream.on('data', ({ type, dialRequest, data }: Packet) => {
      if (type === PacketType.dialRequest && dialRequest !== undefined) socket = this.#dial(stream, dialRequest, connectID);
      else if (type === PacketType.data && data !== undefined) socket?.write(data.data);
      else if (type === PacketType.closeRequest) {
        this.closed += 1;
        socket?.end();
      }
    });
  }

  #dial(stream: ServerDuplexStream<Packet, Packet>, { address, random }: NonNullable<Packet['dialRequest']>, connectID: number) {
    this.dialled.push(address);
    const to = this.#to(address);
    const answer = (more: { readonly error?: string; readonly connectID: number }) =>
      stream.write({ type: PacketType.dialResponse, dialResponse: { random, ...more } });
    if (to === undefined) return void answer({ error: `no agent for ${address}`, connectID: 0 });
    const socket = connect(to, () => answer({ connectID }));
    this.#sockets.add(socket);
    socket.on('data', (data) => {
      if (!stream.write({ type: PacketType.data, data: { connectID, data } })) {
        socket.pause();
        stream.once('drain', () => socket.resume());
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      stream.write({ type: PacketType.closeResponse, closeResponse: { connectID } });
    });
    return socket;
  }
}
