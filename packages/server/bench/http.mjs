// CPU of the server process per request, in µs and in units of "bare" (a Node server writing one constant 3.9 KB buffer):
// node packages/server/bench/http.mjs [requests]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import http2 from 'node:http2';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const requests = Number(process.argv[2] ?? 100_000);
const connections = 16;
const rounds = 20;
const path = '/api/v1/namespaces/default/pods/web-7d4b9c6f5d-x2x9p';
const bundle = fileURLToPath(new URL('../dist/bench/http-server.mjs', import.meta.url));

await build({
  entryPoints: [fileURLToPath(new URL('http-server.ts', import.meta.url))],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@keelson/source'],
  external: ['koa', 'winston', 'prom-client', 'lmdb', 'etcd3', '@grpc/grpc-js', 'protobufjs', 'yaml', 'long'],
  outfile: bundle,
  logLevel: 'error',
});

/** A running server and the cheapest round seen: neighbours on the machine only ever add. */
async function start(protocol, kind, drive) {
  const child = fork(bundle, [kind], { execArgv: process.argv.includes('--prof') ? ['--cpu-prof', '--cpu-prof-dir=/tmp'] : [] });
  const [{ port }] = await once(child, 'message');
  await drive(port, requests / 5);
  return { protocol, kind, drive, child, port, microseconds: Number.POSITIVE_INFINITY };
}

async function round(server) {
  const before = await cpu(server.child);
  await server.drive(server.port, requests / rounds);
  server.microseconds = Math.min(server.microseconds, ((await cpu(server.child)) - before) / (requests / rounds));
}

async function cpu(child) {
  child.send('cpu');
  const [{ cpu }] = await once(child, 'message');
  return cpu.user + cpu.system;
}

/**
 * One request on every connection, then all answers, and again: whether the client sleeps or not changes what a write
 * costs the server, so it must not depend on how fast the server is. Answers are told by their length alone.
 */
async function http1(port, total) {
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: application/json\r\nAuthorization: Bearer secret\r\n\r\n`;
  const lanes = await Promise.all(Array.from({ length: connections }, () => lane(port, request)));
  for (let left = total; left > 0; left -= connections) await Promise.all(lanes.map((one) => one.ask()));
  for (const { socket } of lanes) socket.destroy();
}

async function lane(port, request) {
  const socket = tls.connect({ port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  await once(socket, 'secureConnect');
  let answerLength = 0;
  let received = 0;
  let answered = () => undefined;
  socket.on('data', (chunk) => {
    if (answerLength === 0) answerLength = chunk.indexOf('\r\n\r\n') + 4 + 3900;
    received += chunk.length;
    if (received < answerLength) return;
    received -= answerLength;
    answered();
  });
  const ask = () =>
    new Promise((resolve) => {
      answered = resolve;
      socket.write(request);
    });
  return { socket, ask };
}

async function overHttp2(port, total) {
  const session = http2.connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  await once(session, 'connect');
  const ask = async () => {
    const stream = session.request({ ':path': path, accept: 'application/json', authorization: 'Bearer secret' });
    stream.resume();
    await once(stream, 'close');
  };
  for (let left = total; left > 0; left -= connections) await Promise.all(Array.from({ length: connections }, ask));
  session.destroy();
}

for (const [protocol, bareKind, drive] of [
  ['h1', 'bare', http1],
  ['h2', 'bare-h2', overHttp2],
]) {
  const bare = await start(protocol, bareKind, drive);
  const chain = await start(protocol, 'chain', drive);
  for (let at = 0; at < rounds; at++) {
    await round(bare);
    await round(chain);
  }
  for (const { kind, microseconds, child } of [bare, chain]) {
    console.log(`${protocol} ${kind.padEnd(8)} ${microseconds.toFixed(1)} µs/op  ${(microseconds / bare.microseconds).toFixed(2)} × bare`);
    child.disconnect();
    await once(child, 'exit');
  }
}
await rm(bundle);
