import type { Client, ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import type { Packet } from './packets.js';

export interface PacketReceiver {
  packet(packet: Packet): void;
  /** Nothing follows; undefined: the other side has ended it. */
  end(error: ServiceError | undefined): void;
}

/** A stream of packets, with the channel that it alone uses. */
export class Tunnel {
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<Packet, Packet>;
  #receiver: PacketReceiver | undefined;
  #closed = false;

  constructor(client: Client, stream: ClientDuplexStream<Packet, Packet>) {
    this.#client = client;
    this.#stream = stream;
    stream.on('data', (packet: Packet) => this.#receiver?.packet(packet));
    stream.on('error', (error: ServiceError) => this.#end(error));
    stream.on('end', () => this.#end(undefined));
  }

  /** From now on. */
  receive(receiver: PacketReceiver): void {
    this.#receiver = receiver;
  }

  /** Calls back when the next may be sent. */
  send(packet: Packet, sent: () => void = () => undefined): void {
    if (this.#closed || this.#stream.write(packet)) sent();
    else this.#stream.once('drain', sent);
  }

  /** The proxy has to wait. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receiver = undefined;
    this.#stream.cancel();
    this.#client.close();
  }

  #end(error: ServiceError | undefined): void {
    const receiver = this.#receiver;
    this.close();
    receiver?.end(error);
  }
}
