import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/index.js';
import { scraped } from '../testing/scraped-metrics.js';
import type { MandatoryFlowControl } from './flow-control.js';
import { configuration, limited, schema } from './testing/configuration.js';
import { HoldLayer } from './testing/hold-layer.js';

const maps = '/api/v1/namespaces/a/configmaps';
const map = (name: string, data: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const as = (user: string) => ({ 'x-user': user });

const layers: HoldLayer[] = [];
afterEach(async () => {
  for (const layer of layers.splice(0)) layer.release();
  await stopTestServers();
});

/** A server with `seats` for all, whose users are who they say they are. */
async function open(flowControl: MandatoryFlowControl, seats = 96) {
  const hold = new HoldLayer();
  layers.push(hold);
  const server = await startTestServer({
    flowControl,
    maxRequestsInFlight: seats,
    layersBefore: [hold],
    authenticator: { authenticate: ({ headers }) => ({ user: { name: String(headers['x-user'] ?? 'root'), groups: [] } }) },
  });
  const client = await server.http2();
  /** Sends requests that are held. */
  const send = (user: string, count: number, path = '/hold') => Array.from({ length: count }, () => client.get(path, as(user)));
  const waiting = async () => (await scraped(server, 'apiserver_flowcontrol_current_inqueue_requests')).join();
  return { server, client, hold, send, waiting };
}

/** One of 96 seats, and one queue, in which two can wait. */
const narrow = configuration(
  [schema('narrow', 'narrow', { users: ['alice', 'bob'] })],
  [limited('narrow', 1, { queues: 1, handSize: 1, queueLengthLimit: 2 }, { borrowingLimitPercent: 0 }), limited('rest', 90)],
);

describe('flow control', () => {
  it('tells clients which schema and which level have taken their request', async () => {
    const { client } = await open(narrow);
    const uids = async (user: string) => {
      const { headers } = await client.get('/version', as(user));
      return [headers['x-kubernetes-pf-flowschema-uid'], headers['x-kubernetes-pf-prioritylevel-uid']];
    };
    expect(await uids('alice')).toEqual(['uid-of-narrow', 'uid-of-narrow']);
    expect(await uids('root')).toEqual(['uid-of-exempt', 'uid-of-exempt']);
    expect(await uids('carol')).toEqual(['uid-of-catch-all', 'uid-of-catch-all']);
  });

  it('lets requests wait for a seat, refuses those for whom there is no place, and lets the exempt in', async () => {
    const { server, client, hold, send, waiting } = await open(narrow);
    const [first] = send('alice', 1);
    await expect.poll(() => hold.held).toBe(1);
    const others = send('alice', 2);
    await expect.poll(waiting).toBe('{priority_level="narrow",flow_schema="narrow"} 2');
    const refused = await client.get('/version', as('bob'));
    const { headers } = refused;
    expect([
      refused.code,
      refused.text,
      headers['retry-after'],
      headers['content-type'],
      headers['x-kubernetes-pf-flowschema-uid'],
    ]).toEqual([429, 'Too many requests, please try again later.\n', '1', 'text/plain; charset=utf-8', 'uid-of-narrow']);
    expect([(await client.get('/version', as('root'))).code, (await client.get('/version', as('carol'))).code]).toEqual([200, 200]);
    expect(hold.served).toBe(1);
    hold.release();
    await expect.poll(() => hold.held).toBe(1);
    hold.release();
    await expect.poll(() => hold.held).toBe(1);
    hold.release();
    expect((await Promise.all([first, ...others])).map((answer) => answer?.code)).toEqual([200, 200, 200]);
    expect(await scraped(server, 'apiserver_flowcontrol_rejected_requests_total')).toEqual([
      '{priority_level="narrow",flow_schema="narrow",reason="queue-full"} 1',
    ]);
    expect((await scraped(server, 'apiserver_request_terminations_total')).join()).toMatch(/code="429".* 1$/);
    expect(await waiting()).toBe('');
  });

  it('refuses at once where a level says so', async () => {
    const { server, client, hold, send } = await open(
      configuration(
        [schema('hard', 'hard', { users: ['alice'] })],
        [limited('hard', 1, null, { borrowingLimitPercent: 0 }), limited('rest', 90)],
      ),
    );
    const [first] = send('alice', 1);
    await expect.poll(() => hold.held).toBe(1);
    expect((await client.get('/version', as('alice'))).code).toBe(429);
    hold.release();
    expect([(await first)?.code, (await client.get('/version', as('alice'))).code]).toEqual([200, 200]);
    expect(await scraped(server, 'apiserver_flowcontrol_rejected_requests_total')).toEqual([
      '{priority_level="hard",flow_schema="hard",reason="concurrency-limit"} 1',
    ]);
  });

  it('refuses who has waited for a quarter of its time', async () => {
    const { server, client, hold, send } = await open(narrow);
    send('alice', 1);
    await expect.poll(() => hold.held).toBe(1);
    // Long after that, its deadline would have answered it: with 504.
    const late = await client.get('/version?timeout=400ms', as('alice'));
    expect([late.code, late.text, late.headers['retry-after']]).toEqual([429, 'Too many requests, please try again later.\n', '1']);
    expect(await scraped(server, 'apiserver_flowcontrol_rejected_requests_total')).toEqual([
      '{priority_level="narrow",flow_schema="narrow",reason="time-out"} 1',
    ]);
  });

  it('forgets who has left while waiting', async () => {
    const { client, server, hold, send, waiting } = await open(narrow);
    send('alice', 1);
    await expect.poll(() => hold.held).toBe(1);
    const leaving = await server.http2();
    leaving.get('/hold', as('alice')).catch(() => undefined);
    await expect.poll(waiting).toBe('{priority_level="narrow",flow_schema="narrow"} 1');
    leaving.close();
    await expect.poll(waiting).toBe('');
    hold.release();
    expect((await client.get('/version', as('alice'))).code).toBe(200);
    expect(hold.served).toBe(1);
  });

  it('gives the seats back of what fails', async () => {
    const { client } = await open(narrow);
    for (let round = 0; round < 3; round++) {
      const codes = [(await client.get(`${maps}/none`, as('alice'))).code, (await client.post(maps, '{', as('alice'))).code];
      expect(codes).toEqual([404, 400]);
    }
  });
});

describe('a watch', () => {
  it('holds its seats until it has told what there is, and counts for writes as long as it is open', async () => {
    const { server, client } = await open(narrow);
    await client.post(maps, map('one'), as('root'));
    const watches = await Promise.all(
      ['', '&resourceVersion=1', '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'].map((query) =>
        client.watch(`${maps}?watch=1${query}`, as('alice')),
      ),
    );
    // The only seat is free again.
    expect((await client.post(maps, map('two'), as('alice'))).code).toBe(201);
    expect(await watches[0]?.take(2)).toEqual(['ADDED one', 'ADDED two']);
    const counted = async () => (await scraped(server, 'apiserver_flowcontrol_watch_count_samples_sum')).join();
    expect(await counted()).toBe('{priority_level="narrow",flow_schema="narrow"} 3');
    for (const watch of watches) watch.abort();
    await expect.poll(() => scraped(server, 'apiserver_longrunning_requests')).toEqual([]);
    await client.post(maps, map('three'), as('alice'));
    expect(await counted()).toBe('{priority_level="narrow",flow_schema="narrow"} 3');
    expect(await scraped(server, 'apiserver_flowcontrol_request_execution_seconds_count')).toContain(
      '{priority_level="narrow",flow_schema="narrow",type="watch"} 3',
    );
  });

  it('that is refused gives its seats back', async () => {
    const { client } = await open(narrow);
    const codes = async () => (await client.get(`${maps}?watch=1&labelSelector=%3D%3D`, as('alice'))).code;
    expect([await codes(), await codes()]).toEqual([400, 400]);
  });
});

it('takes a list for as wide as what it will write', async () => {
  const { server, client } = await open(configuration([schema('wide', 'wide', { users: ['alice'] })], [limited('wide', 95)]));
  for (let at = 0; at < 4; at++) await client.post(maps, map(`m${at}`, { text: 'x'.repeat(100_000) }));
  const seats = async (path: string) => {
    const sum = async () =>
      Number(
        / (\S+)$/.exec(
          (await scraped(server, 'apiserver_flowcontrol_work_estimated_seats_sum')).find((line) => line.includes('"wide"')) ?? ' 0',
        )?.[1],
      );
    const before = await sum();
    await client.get(path, as('alice'));
    return (await sum()) - before;
  };
  // 400 kB are stored; JSON is taken to be half as long again.
  expect([await seats(maps), await seats('/api/v1/configmaps'), await seats(`${maps}?limit=1`)]).toEqual([7, 7, 2]);
  expect([await seats('/api/v1/namespaces/b/configmaps'), await seats(`${maps}/m1`)]).toEqual([1, 1]);
});

describe('under ten times the load it can bear', () => {
  it('still answers health checks and leases, and every client in the end', async () => {
    const flowControl = configuration(
      [
        schema('probes', 'exempt', { precedence: 2, paths: ['/healthz', '/livez', '/readyz'] }),
        schema('leases', 'leader-election', { precedence: 100, users: ['leader'] }),
        schema('crowd', 'workload', { precedence: 1000, flowsBy: 'ByUser' }),
      ],
      [limited('leader-election', 10), limited('workload', 50, { queues: 64, handSize: 6 }, { lendablePercent: 50 })],
    );
    const { client, hold } = await open(flowControl, 20);
    const crowd = Array.from({ length: 200 }, (_, at) => client.get('/hold', as(`user-${at % 20}`)));
    await expect.poll(() => hold.held).toBeGreaterThan(5);
    const seatsTaken = hold.held;
    expect(seatsTaken).toBeLessThanOrEqual(20);
    for (let round = 0; round < 10; round++) {
      const health = ['/healthz', '/livez', '/readyz'].map((path) => client.get(path, as('kubelet')));
      const lease = client.post(maps, map(`lease-${round}`), as('leader'));
      expect((await Promise.all([...health, lease])).map(({ code }) => code)).toEqual([200, 200, 200, 201]);
    }
    const everybody = Promise.all(crowd);
    const releasing = setInterval(() => hold.release(), 1);
    const codes = (await everybody).map(({ code }) => code);
    clearInterval(releasing);
    expect(new Set(codes)).toEqual(new Set([200]));
  });

  it('serves a mouse among elephants', async () => {
    const flowControl = configuration(
      [schema('crowd', 'workload', { flowsBy: 'ByUser' })],
      [limited('workload', 95, { queues: 64, handSize: 6, queueLengthLimit: 200 })],
    );
    const { client, hold } = await open(flowControl, 4);
    const elephant = Array.from({ length: 100 }, () => client.get('/hold/elephant', as('elephant')));
    await expect.poll(() => hold.held).toBe(4);
    const mouse = client.get('/hold/mouse', as('mouse'));
    let rounds = 0;
    const isServed = mouse.then(() => true);
    while (!(await Promise.race([isServed, new Promise<false>((resolve) => setTimeout(resolve, 20, false))]))) {
      hold.release(1);
      rounds++;
    }
    // Not behind the 96 that came before it: each queue of the elephant has had its turn at most.
    expect(rounds).toBeLessThanOrEqual(20);
    const releasing = setInterval(() => hold.release(), 1);
    await Promise.all(elephant);
    clearInterval(releasing);
  });
});

describe('what waits and is executed', () => {
  async function busy() {
    const opened = await open(narrow);
    opened.send('alice', 1, '/hold/first');
    await expect.poll(() => opened.hold.held).toBe(1);
    opened.send('bob', 1, '/hold/second');
    await expect.poll(opened.waiting).toBe('{priority_level="narrow",flow_schema="narrow"} 1');
    return { ...opened, dump: (name: string) => rows(opened.server, name) };
  }

  it('is shown by level', async () => {
    const { dump } = await busy();
    expect(await dump('priority_levels')).toEqual([
      [
        'PriorityLevelName',
        'ActiveQueues',
        'IsIdle',
        'IsQuiescing',
        'WaitingRequests',
        'ExecutingRequests',
        'DispatchedRequests',
        'RejectedRequests',
        'TimedoutRequests',
        'CancelledRequests',
      ],
      ['catch-all', '0', 'true', 'false', '0', '0', '0', '0', '0', '0'],
      ['exempt', '0', 'false', 'false', '0', '1', expect.stringMatching(/^\d+$/), '0', '0', '0'],
      ['narrow', '1', 'false', 'false', '1', '1', '1', '0', '0', '0'],
      ['rest', '0', 'true', 'false', '0', '0', '0', '0', '0', '0'],
    ]);
  });

  it('is shown by queue', async () => {
    const { dump } = await busy();
    const [columns, first] = await dump('queues');
    expect(columns).toEqual([
      'PriorityLevelName',
      'Index',
      'PendingRequests',
      'ExecutingRequests',
      'SeatsInUse',
      'NextDispatchR',
      'InitialSeatsSum',
      'MaxSeatsSum',
      'TotalWorkSum',
    ]);
    expect(first).toEqual(['narrow', '0', '1', '1', '1', expect.stringMatching(/^\d+\.\d{8}ss$/), '1', '1', '0.00300000ss']);
  });

  it('is shown by request, with what is asked for when that is wanted', async () => {
    const { dump } = await busy();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/);
    const columns = [
      'PriorityLevelName',
      'FlowSchemaName',
      'QueueIndex',
      'RequestIndexInQueue',
      'FlowDistingsher',
      'ArriveTime',
      'InitialSeats',
      'FinalSeats',
      'AdditionalLatency',
      'StartTime',
    ];
    const details = ['UserName', 'Verb', 'APIPath', 'Namespace', 'Name', 'APIVersion', 'Resource', 'SubResource'];
    const waiting = ['narrow', 'narrow', '0', '0', '', time, '1', '0', '0s', '0001-01-01T00:00:00Z'];
    const executed = ['narrow', 'narrow', '0', '-1', '', time, '1', '0', '0s', time];
    expect((await dump('requests')).filter(([level]) => level !== 'exempt')).toEqual([columns, waiting, executed]);
    expect((await dump('requests?includeRequestDetails=1')).filter(([level]) => level !== 'exempt')).toEqual([
      [...columns, ...details],
      [...waiting, 'bob', 'get', '/hold/second', '', '', '', '', ''],
      [...executed, 'alice', 'get', '/hold/first', '', '', '', '', ''],
    ]);
  });

  it('is shown as kube-apiserver shows it, in columns', async () => {
    const { server } = await open(narrow);
    const { text, headers } = await server.client.get('/debug/api_priority_and_fairness/dump_queues');
    expect([text.split('\n').slice(0, 2), headers['content-type']]).toEqual([
      [
        'PriorityLevelName, Index,  PendingRequests, ExecutingRequests, SeatsInUse, NextDispatchR, InitialSeatsSum, MaxSeatsSum, TotalWorkSum',
        'narrow,            0,      0,               0,                 0,          0.00000000ss,  0,               0,           0.00000000ss',
      ],
      'text/plain; charset=utf-8',
    ]);
    expect((await server.client.get('/')).json<{ paths: string[] }>().paths).not.toContain('/debug/api_priority_and_fairness/dump_queues');
  });
});

describe('health', () => {
  it('names what limits requests', async () => {
    const hooks = async (server: TestServer) =>
      (await server.client.get('/readyz?verbose', as('root'))).text
        .split('\n')
        .filter((line) => /poststarthook.(?:priority-and-fairness|max-in-flight)/.test(line));
    expect(await hooks((await open(narrow)).server)).toEqual([
      '[+]poststarthook/priority-and-fairness-config-consumer ok',
      '[+]poststarthook/priority-and-fairness-filter ok',
    ]);
    expect(await hooks(await startTestServer())).toEqual(['[+]poststarthook/max-in-flight-filter ok']);
  });
});

async function rows({ client }: TestServer, name: string): Promise<string[][]> {
  const { text } = await client.get(`/debug/api_priority_and_fairness/dump_${name}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()));
}
