import { type ClientHttp2Session, connect } from 'node:http2';
import { HttpLane } from './http-lane.js';
import { httpRequest } from './http-request.js';

/** Opens watches of all pods and counts the events that arrive: `watch-client <url> <token> <watchers> h1|h2`. */

const [address = '', token = '', count = '0', protocol = 'h1'] = process.argv.slice(2);
const url = new URL(address);
const NEWLINE = 10;
const STREAMS_PER_CONNECTION = 100;
/** Of the current state on: no initial events. */
const path = '/api/v1/pods?watch=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=false&timeoutSeconds=600';

let events = 0;

function countEvents(part: Buffer): void {
  for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, at + 1)) events += 1;
}

async function watchHttp1(): Promise<void> {
  const lane = await HttpLane.open(url);
  lane.onBody = countEvents;
  const begun = new Promise<void>((resolve) => {
    lane.onHead = resolve;
  });
  lane.ask(httpRequest({ method: 'GET', path, token })).then(({ status }) => fail(`a watch ended with ${status}`), fail);
  await begun;
}

function watchHttp2(session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ':path': path, accept: 'application/json', authorization: `Bearer ${token}` });
  stream.on('data', countEvents);
  stream.on('error', fail);
  return new Promise((resolve) => {
    stream.once('response', (headers) => {
      if (headers[':status'] !== 200) fail(`a watch was answered with ${headers[':status']}`);
      resolve();
    });
  });
}

function fail(reason: unknown): void {
  process.send?.({ error: String(reason) });
}

async function openAll(watchers: number): Promise<void> {
  for (let left = watchers; left > 0; left -= STREAMS_PER_CONNECTION) {
    const together = Array.from({ length: Math.min(left, STREAMS_PER_CONNECTION) });
    if (protocol === 'h1') await Promise.all(together.map(watchHttp1));
    else {
      const session = connect(url, { rejectUnauthorized: false, settings: { initialWindowSize: 1 << 20 } });
      await new Promise((resolve) => session.once('connect', resolve));
      session.setLocalWindowSize(64 * 1024 * 1024);
      await Promise.all(together.map(() => watchHttp2(session)));
    }
  }
}

process.on('message', () => process.send?.({ events }));
process.on('disconnect', () => process.exit());
await openAll(Number(count));
process.send?.({ events });
