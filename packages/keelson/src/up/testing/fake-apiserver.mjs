// Stands in for an API server where only its process matters: reads the flags a replica gets, serves /readyz over TLS
// with its certificate, and drains on SIGTERM. `/` tells which replica answered and how it was started.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const flags = new Map(process.argv.slice(2).flatMap((arg) => [/^--([^=]+)=(.*)$/.exec(arg)?.slice(1) ?? []]));
const fail = flags.get('fail-with');
if (fail !== undefined) {
  process.stderr.write(`${fail}\n`);
  process.exit(3);
}

let draining = false;
const server = createServer(
  {
    cert: readFileSync(flags.get('tls-cert-file')),
    key: readFileSync(flags.get('tls-private-key-file')),
    ca: readFileSync(flags.get('client-ca-file')),
    requestCert: true,
    rejectUnauthorized: true,
  },
  (request, response) => {
    const unready = request.url === '/readyz' && draining;
    response.writeHead(unready ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ pid: process.pid, flags: Object.fromEntries(flags) }));
  },
);
server.listen(Number(flags.get('secure-port')), flags.get('bind-address'));
process.on('SIGTERM', () => {
  draining = true;
  process.stdout.write('draining\n');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
