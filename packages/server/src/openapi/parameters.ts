import type { Parameter } from './operation.js';

type Row = readonly [type: Parameter['type'], shared: string | undefined, description: string];

/**
 * Query parameters of operations on resources. Their names in v2 documents end in a digest that clients' generators have
 * taken into their code.
 */
const rows = {
  allowWatchBookmarks: [
    'boolean',
    'HC2hJt-J',
    'Asks for BOOKMARK events in a watch: they carry a resourceVersion to resume from and no object. Without effect on a list.',
  ],
  continue: [
    'string',
    'QfD61s0i',
    'Token of the previous page, to get the next one; all other parameters must stay the same. An expired token answers 410 with a token to go on with, from newer state. Not for watches.',
  ],
  dryRun: ['string', undefined, 'All: do everything but store the outcome. Nothing else is accepted.'],
  fieldManager: ['string', 'Qy4HdaTW', 'Name of who makes the change, as managedFields records it: at most 128 printable characters.'],
  fieldSelector: ['string', 'xIcQKXFG', 'Keeps objects whose fields match, such as metadata.name=x. All when empty.'],
  fieldValidation: [
    'string',
    undefined,
    'What becomes of unknown and duplicate fields in the body: Ignore drops them, Warn (the default) tells of them in Warning headers, Strict refuses the request.',
  ],
  force: ['boolean', 'tOGGb0Yi', 'With apply: takes fields over that others own. Must not be set with other patches.'],
  gracePeriodSeconds: ['integer', '-K5HaBOS', 'Seconds until the object is deleted; 0 deletes at once. The kind has its own default.'],
  ignoreStoreReadErrorWithClusterBreakingPotential: [
    'boolean',
    'QbNkfIqj',
    'Deletes an object that cannot be read from the store any more, passing over finalizers and preconditions. It may break the cluster.',
  ],
  labelSelector: ['string', '5Zw57w4C', 'Keeps objects whose labels match. All when empty.'],
  limit: [
    'integer',
    '1NfNmdNH',
    'Most objects in one answer; metadata.continue then leads to the rest. A page may have fewer. Not for watches.',
  ],
  orphanDependents: [
    'boolean',
    'uRB25kX5',
    'Deprecated, use propagationPolicy: whether dependents stay, with a finalizer "orphan" on the object until they are released.',
  ],
  pretty: ['string', 'tJGM1-ng', 'If true, the answer is indented. Browsers, curl and wget get it so by default.'],
  propagationPolicy: [
    'string',
    '6jk3prlO',
    "What becomes of dependents: Orphan leaves them, Background deletes them afterwards, Foreground before the object. The default is the kind's.",
  ],
  resourceVersion: [
    'string',
    '5WAnf1kx',
    'State to read at or to watch from; resourceVersionMatch says how it is meant. See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions',
  ],
  resourceVersionMatch: [
    'string',
    't8XhRHeC',
    'How resourceVersion is applied to a list: Exact or NotOlderThan. See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions',
  ],
  sendInitialEvents: [
    'boolean',
    'rLXlEK_k',
    'Begins a watch with an ADDED event for each object there is, then a bookmark annotated k8s.io/initial-events-end. Needs resourceVersionMatch=NotOlderThan.',
  ],
  timeoutSeconds: ['integer', 'yvYezaOC', 'Ends a list or watch after this time.'],
  watch: ['boolean', 'XNNPZGbK', 'Streams changes as add, update and remove events. Needs a resourceVersion to tell from when on.'],
} as const satisfies Record<string, Row>;

type QueryParameterName = keyof typeof rows;

function queryParameter(name: string, [type, digest, description]: Row): Parameter {
  return { name, in: 'query', type, description, ...(digest !== undefined && { shared: `${name}-${digest}` }) };
}

const byName = new Map(Object.entries(rows).map(([name, row]) => [name, queryParameter(name, row)]));

function some(...names: readonly QueryParameterName[]): readonly Parameter[] {
  return names.map((name) => byName.get(name) as Parameter);
}

const list = [
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
] as const;
const remove = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'propagationPolicy',
] as const;
const [fieldManager] = some('fieldManager');

/** By verb. */
export const queryParameters = {
  get: some(),
  list: some('allowWatchBookmarks', ...list, 'watch'),
  create: some('dryRun', 'fieldManager', 'fieldValidation'),
  update: some('dryRun', 'fieldManager', 'fieldValidation'),
  patch: [
    ...some('dryRun', 'fieldValidation', 'force'),
    { ...(fieldManager as Parameter), shared: 'fieldManager-7c6nTn1T', description: `${fieldManager?.description} Apply needs it.` },
  ],
  delete: some(...remove),
  deletecollection: some(...list, ...remove),
} satisfies Record<string, readonly Parameter[]>;

export const [pretty] = some('pretty') as readonly [Parameter];

export const namespace: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'Namespace of the object, and what its permissions are granted for.',
  shared: 'namespace-vgWSWtn3',
};

export const restOfPath: Parameter = {
  name: 'path',
  in: 'path',
  type: 'string',
  description: 'Path to the resource behind the proxy.',
  shared: 'path-z6Ciiujn',
};

export function nameOf(kind: string): Parameter {
  return { name: 'name', in: 'path', type: 'string', description: `name of the ${kind}` };
}

/** Digests of the parameters that are fields of connection options, by kind and field. */
const optionDigests: Readonly<Record<string, string>> = {
  'NodeProxyOptions.path': 'rFDtV0x9',
  'PodAttachOptions.container': '_Q-EJ3nR',
  'PodAttachOptions.stderr': '26jJhFUR',
  'PodAttachOptions.stdin': 'sEFnN3IS',
  'PodAttachOptions.stdout': '005YMKE6',
  'PodAttachOptions.tty': 'g7MlET_l',
  'PodExecOptions.command': 'Py3eQybp',
  'PodExecOptions.container': 'i5dOmRiM',
  'PodExecOptions.stderr': 'W_1TNlWc',
  'PodExecOptions.stdin': 'PSzNhyUC',
  'PodExecOptions.stdout': '-EZLRwV1',
  'PodExecOptions.tty': 's0flW37O',
  'PodLogOptions.container': '1GeXxFDC',
  'PodLogOptions.follow': '9OIXh_2R',
  'PodLogOptions.insecureSkipTLSVerifyBackend': 'gM00jVbe',
  'PodLogOptions.limitBytes': 'zwd1RXuc',
  'PodLogOptions.previous': '1jxDPu3y',
  'PodLogOptions.sinceSeconds': 'vE2NLdnP',
  'PodLogOptions.stream': 'l-48cgXv',
  'PodLogOptions.tailLines': '9xQLWHMV',
  'PodLogOptions.timestamps': 'c17fW1w_',
  'PodPortForwardOptions.ports': '91KROJmm',
  'PodProxyOptions.path': 'oPbzgLUj',
  'ServiceProxyOptions.path': 'QCf0eosM',
};

/** A field of connection options in the query. */
export function optionParameter(kind: string, name: string, type: Parameter['type'], description: string): Parameter {
  return queryParameter(name, [type, optionDigests[`${kind}.${name}`], description]);
}
