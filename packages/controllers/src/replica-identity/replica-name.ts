import { createHash } from 'node:crypto';

/**
 * What a replica is called: `apiserver-` and a hash of the host's name, the same after a restart, as kube-apiserver calls itself.
 * Replicas that share a host are told apart by their ports; the one on the usual port is called as if it were alone.
 */
export function replicaName(hostname: string, port: number): string {
  const parts = [port === USUAL_PORT ? hostname : `${hostname}:${port}`, 'kube-apiserver'];
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return `apiserver-${base32(hash.digest().subarray(0, 16))}`;
}

const USUAL_PORT = 6443;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 section 6 without padding, in lower case. */
function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
