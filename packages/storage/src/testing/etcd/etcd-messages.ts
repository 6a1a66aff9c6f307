import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

// etcd's own definition, as etcd3 ships it.
const rpcProto = join(dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto/rpc.proto');
const root = protobuf.loadSync(rpcProto);

/** What etcd would read in a message of `etcdserverpb`; bytes are text. */
export function readEtcdMessage(name: string, message: Uint8Array): Record<string, unknown> {
  const type = root.lookupType(`etcdserverpb.${name}`);
  return type.toObject(type.decode(message), { longs: Number, bytes: String, enums: String });
}

/** What etcd would send. */
export function etcdMessage(name: string, fields: object): Buffer {
  const type = root.lookupType(`etcdserverpb.${name}`);
  return Buffer.from(type.encode(type.fromObject(fields)).finish());
}
