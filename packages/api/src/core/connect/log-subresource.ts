import {
  type ApiError,
  badRequest,
  connectionFailure,
  type Features,
  type FieldError,
  forbiddenField,
  internalError,
  invalid,
  invalidField,
  type JsonObject,
  notSupported,
  path,
  plainFailure,
  readBeginning,
} from '@keelson/machinery';
import { type core, refusedAnswer } from '@keelson/schema';
import {
  type ConnectSubresource,
  isWebSocketRequest,
  type ProxiedAnswer,
  type Query,
  reply,
  sendAnswer,
  streamOverWebSocket,
} from '@keelson/server';
import { connectedObject } from './connected-objects.js';
import { type Destination, requestTo, urlOf } from './destinations/destination.js';
import { send } from './hand-on.js';
import { containerOf } from './pod-container.js';
import { queryOptions } from './query-options.js';
import type { ReachedPods } from './streams/stream-subresource.js';

type Pod = core.v1.Pod;

/** Of an answer that tells of a failure, so much is passed on. */
const ERROR_LIMIT_BYTES = 50_000;

/** What a container has printed, as its kubelet tells it. */
export function logSubresource({ pods, nodes, kubelets }: ReachedPods, features: Features): ConnectSubresource {
  const selects = features.get('PodLogsQuerySplitStreams') === true;
  return {
    type: 'connect',
    // The kind of its parent: it is read, not connected to.
    kind: 'Pod',
    methods: ['GET'],
    async connect(ctx, { info: { namespace, name } }) {
      const options = logOptions(ctx.state.query, name, selects);
      const pod = await connectedObject<Pod>(pods(), namespace, name);
      const container = containerOf(pod, String(options.container ?? ''));
      if (!pod.spec.nodeName) return reply(ctx, 204, 'text/plain', '');
      const node = await connectedObject<core.v1.Node>(nodes, '', pod.spec.nodeName);
      const address = kubelets.addressOf(node, options.insecureSkipTLSVerifyBackend === true);
      const destination = { ...address, path: `/containerLogs/${namespace}/${name}/${container}` };
      const query = kubeletQuery(options);
      const answer = await send(ctx, requestTo(destination, { method: 'GET', query, headers: {}, signal: ctx.state.signal }), (error) =>
        unreachable(destination, query, error),
      );
      if (answer.code < 200 || answer.code > 206) throw await failureOf(answer, name);
      if (isWebSocketRequest(ctx)) return streamOverWebSocket(ctx, answer.body);
      await sendAnswer(ctx, { ...answer, headers: { 'content-type': 'text/plain' } }, { rejectRedirects: false });
    },
  };
}

/** PodLogOptions of a query; throws 400 and 422. */
function logOptions(query: Query, name: string, selects: boolean): JsonObject {
  const options = queryOptions(query, {
    flags: ['follow', 'previous', 'timestamps', 'insecureSkipTLSVerifyBackend'],
    texts: ['container'],
    times: ['sinceTime'],
    integers: ['sinceSeconds', 'tailLines', 'limitBytes'],
  });
  if (query.has('stream') || selects) options.stream = query.has('stream') ? query.get('stream') : 'All';
  const errors = [...logOptionErrors(options), ...streamErrors(options, selects)];
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
  return options;
}

function logOptionErrors({ tailLines, limitBytes, sinceSeconds, sinceTime }: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if ((tailLines as number) < 0) errors.push(invalidField(path('tailLines'), tailLines, 'must be greater than or equal to 0'));
  if ((limitBytes as number) < 1) errors.push(invalidField(path('limitBytes'), limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    errors.push(forbiddenField(path(''), 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if ((sinceSeconds as number) < 1) errors.push(invalidField(path('sinceSeconds'), sinceSeconds, 'must be greater than 0'));
  return errors;
}

const logStreams = ['Stdout', 'Stderr', 'All'];

/** Which of a container's two streams is read. `selects`: servers can do that (KEP-3288). */
function streamErrors({ stream, tailLines }: JsonObject, selects: boolean): FieldError[] {
  if (!selects) return stream === undefined ? [] : [forbiddenField(path('stream'), 'may not be specified')];
  const errors = logStreams.includes(stream as string) ? [] : [notSupported(path('stream'), stream, logStreams)];
  if (stream === 'All' || tailLines === undefined) return errors;
  return [...errors, forbiddenField('[]', '`tailLines` and specific `stream` are mutually exclusive for now')];
}

/** In the order of their names, as Go writes a query. */
function kubeletQuery(options: JsonObject): string {
  const names = ['follow', 'limitBytes', 'previous', 'sinceSeconds', 'sinceTime', 'stream', 'tailLines', 'timestamps'];
  const query = new URLSearchParams(
    names.filter((name) => options[name] !== undefined).map((name): [string, string] => [name, String(options[name])]),
  ).toString();
  return query === '' ? '' : `?${query}`;
}

function unreachable(destination: Destination, query: string, error: unknown): ApiError {
  return plainFailure(`Get ${JSON.stringify(urlOf(destination, query))}: ${connectionFailure(error, destination.host)}`);
}

async function failureOf({ code, headers, body }: ProxiedAnswer, name: string): Promise<ApiError> {
  const text = String(await readBeginning(body, ERROR_LIMIT_BYTES));
  if (code === 500) return internalError(text);
  return code === 400 ? badRequest(text) : refusedAnswer({ code, headers, body: Buffer.from(text) }, { resource: 'pods/log', name });
}
