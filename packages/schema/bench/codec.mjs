// What one pod costs: our codec, JSON.parse and JSON.stringify, and protobufjs' reflection, in one run.
// Build first; then: node packages/schema/bench/codec.mjs
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { core, formatJson, parseBody, readLabels, stampResourceVersion } from '@keelson/schema';
import protobuf from 'protobufjs';
import { realisticPod } from './realistic-pod.mjs';

const protoRoot = join(dirname(fileURLToPath(import.meta.url)), '../../../proto');
const rounds = 7;
const callsPerRound = 5000;

/** CPU time, best of several rounds, in microseconds per call: noise only ever adds. */
function measure(call) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < callsPerRound; i++) call();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / callsPerRound);
  }
  return best;
}

function reflectedPod() {
  const root = new protobuf.Root();
  // Null skips an import: the options mean nothing to protobufjs.
  root.resolvePath = (_origin, target) => (target === 'k8s/options.proto' ? null : join(protoRoot, target));
  root.loadSync('core/v1.proto', { keepCase: true });
  return root.lookupType('core.v1.Pod');
}

const { codec } = core.v1.Pod;
const message = Buffer.from(codec.encode(realisticPod));
const text = formatJson(realisticPod);
const body = Buffer.from(text);
const reflected = reflectedPod();

if (formatJson(codec.decode(message)) !== text) throw new Error('the pod is not canonical');
if (codec.toJson(message).toString() !== text) throw new Error('toJson differs');

console.log(`${text.length} bytes of JSON, ${message.length} bytes of protobuf; microseconds:`);
const rows = {
  'decode: protobuf → object': () => codec.decode(message),
  'encode: object → protobuf': () => codec.encode(realisticPod),
  'toJson: protobuf → JSON bytes': () => codec.toJson(message),
  'fromJson: parsed JSON → canonical object': () => codec.fromJson(realisticPod),
  'parseBody + duplicate keys + fromJson': () => {
    const parsed = parseBody(body, 'json');
    return [codec.fromJson(parsed.value), parsed.problems([])];
  },
  'JSON.parse of bytes': () => JSON.parse(body.toString()),
  'JSON.stringify to bytes': () => Buffer.from(JSON.stringify(realisticPod)),
  'protobufjs decode': () => reflected.decode(message),
  'protobufjs decode + toObject': () => reflected.toObject(reflected.decode(message), { longs: Number, bytes: String, defaults: true }),
  readLabels: () => readLabels(message),
  stampResourceVersion: () => stampResourceVersion(message, '48213378'),
};
const results = Object.fromEntries(Object.entries(rows).map(([name, call]) => [name, measure(call)]));
for (const [name, microseconds] of Object.entries(results)) console.log(`${microseconds.toFixed(2).padStart(8)}  ${name}`);
const ratio = results['protobufjs decode + toObject'] / results['decode: protobuf → object'];
console.log(`decode is ${ratio.toFixed(2)} times as fast as protobufjs decode + toObject`);
