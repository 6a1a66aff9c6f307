import { messagesOf } from '../message.js';

/** What goes through a tunnel of apiserver-network-proxy, in both directions. Requests to connect are told apart by a random number. */
const message = messagesOf(
  `syntax = "proto3";
  message Packet {
    int32 type = 1;
    oneof payload {
      DialRequest dialRequest = 2;
      DialResponse dialResponse = 3;
      Data data = 4;
      CloseRequest closeRequest = 5;
      CloseResponse closeResponse = 6;
      CloseDial closeDial = 7;
    }
  }
  message DialRequest { string protocol = 1; string address = 2; int64 random = 3; }
  message DialResponse { string error = 1; int64 connectID = 2; int64 random = 3; }
  message CloseRequest { int64 connectID = 1; }
  message CloseResponse { string error = 1; int64 connectID = 2; }
  message CloseDial { int64 random = 1; }
  message Data { int64 connectID = 1; string error = 2; bytes data = 3; }`,
);

export const PacketType = { dialRequest: 0, dialResponse: 1, closeRequest: 2, closeResponse: 3, data: 4, closeDial: 5, drain: 6 } as const;

interface Closing {
  readonly connectID: number;
  readonly error?: string;
}

export interface Packet {
  readonly type: number;
  readonly dialRequest?: { readonly protocol: 'tcp'; readonly address: string; readonly random: number };
  readonly dialResponse?: Closing & { readonly random: number };
  readonly data?: Closing & { readonly data: Buffer };
  readonly closeRequest?: Closing;
  readonly closeResponse?: Closing;
  readonly closeDial?: { readonly random: number };
}

export const packets = message<Packet>('Packet');
export const tunnelPath = '/ProxyService/Proxy';
