import protobuf from 'protobufjs';

/** How one kind of message is written. */
export interface Message<T> {
  encode(message: T): Buffer;
  decode(bytes: Uint8Array): T;
}

/** Messages by their names. */
export type Messages = <T>(name: string) => Message<T>;

/** Reads a definition in the language of Protocol Buffers. Absent fields decode to their defaults, 64-bit integers to numbers. */
export function messagesOf(definition: string): Messages {
  const parsed = protobuf.parse(definition);
  return <T>(name: string): Message<T> => {
    const type = parsed.root.lookupType(parsed.package === undefined ? name : `${parsed.package}.${name}`);
    return {
      encode: (given) => Buffer.from(type.encode(type.fromObject(given as Record<string, unknown>)).finish()),
      decode: (bytes) => type.toObject(type.decode(bytes), { defaults: true, bytes: Buffer, longs: Number }) as T,
    };
  };
}
