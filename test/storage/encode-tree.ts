/** A protobuf message as `[[field number, value], …]`: integers, texts, messages. */
export type Tree = readonly (readonly [number: number, value: number | string | Tree])[];

const lengthDelimited = 2;

/** A stored object: the envelope of Kubernetes around a message. */
export function encodeStored(apiVersion: string, kind: string, object: Tree): Buffer {
  const typeMeta: Tree = [
    [1, apiVersion],
    [2, kind],
  ];
  const unknown: Tree = [
    [1, typeMeta],
    [2, object],
    [3, ''],
    [4, ''],
  ];
  return Buffer.concat([Buffer.from('k8s\0'), encodeTree(unknown)]);
}

export function encodeTree(tree: Tree): Buffer {
  return Buffer.concat(tree.map(([number, value]) => encodeField(number, value)));
}

function encodeField(number: number, value: number | string | Tree): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = typeof value === 'string' ? Buffer.from(value) : encodeTree(value);
  return Buffer.concat([varint((number << 3) | lengthDelimited), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}
