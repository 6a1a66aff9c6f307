import { noRepresentation, notAcceptable } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { KeelsonContext } from '../http/context.js';

export type MediaType = 'application/json' | 'application/yaml' | 'application/vnd.kubernetes.protobuf';

/** Views of an object that clients may ask for in place of the object itself (KEP-555, `;as=`). */
export type View = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** The form of a response that client and server agree on. */
export interface Negotiated {
  readonly media: MediaType;
  readonly view?: View;
  /** Version of the view's group meta.k8s.io. */
  readonly viewVersion: 'v1' | 'v1beta1';
  readonly pretty: boolean;
}

export const MEDIA: readonly MediaType[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const TEXT_MEDIA: readonly MediaType[] = ['application/json', 'application/yaml'];
const STREAM_MEDIA: readonly MediaType[] = ['application/json', 'application/vnd.kubernetes.protobuf'];
const VIEWS: readonly View[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];
const NO_VIEWS: readonly View[] = [];
const DEFAULT: Negotiated = { media: 'application/json', viewVersion: 'v1', pretty: false };
/** How many agreements are kept, and up to which length of header: what strangers send must not fill the memory. */
const CACHE_LIMIT = 512;
const CACHED_LENGTH = 512;

/** One media type of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly quality: number;
  readonly params: ReadonlyMap<string, string>;
}

function parseClause(text: string): AcceptClause {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const params = new Map(
    rest.map((param) => {
      const equals = param.indexOf('=');
      return equals < 0 ? [param, ''] : [param.slice(0, equals).trim(), param.slice(equals + 1).trim()];
    }),
  );
  const quality = Number(params.get('q') ?? '1');
  return { type, quality: Number.isNaN(quality) ? 1 : quality, params };
}

/** The clauses of an Accept header, best liked first; of those liked the same, the more specific ones. */
export function parseAccept(accept: string): AcceptClause[] {
  return accept
    .split(',')
    .map(parseClause)
    .sort((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b));
}

function wildcards({ type }: AcceptClause): number {
  return type === '*' || type === '*/*' ? 2 : type.endsWith('/*') ? 1 : 0;
}

/** `routed`: then only the whole wildcard is one, as in kube-apiserver. */
export function matchMedia(type: string, offered: readonly MediaType[], routed = true): MediaType | undefined {
  if (type === '*/*' || (!routed && (type === '*' || type === 'application/*'))) return offered[0];
  return offered.find((media) => media === type);
}

function readView({ params }: AcceptClause): { view?: string; version: string } {
  const view = params.get('as');
  return view === undefined ? { version: 'v1' } : { view, version: params.get('v') ?? '' };
}

/** What a clause asks for, or undefined when this server, for this resource and media type, does not offer it. */
function acceptClause(clause: AcceptClause, { offered, views, whole, routed }: Negotiator): Negotiated | undefined {
  const media = matchMedia(clause.type, offered, routed);
  if (media === undefined) return undefined;
  const pretty = media === 'application/json' && clause.params.get('pretty') === '1';
  const { view, version } = readView(clause);
  if (view === undefined) return whole.includes(media) ? { media, viewVersion: 'v1', pretty } : undefined;
  const offeredView = views.find((name) => name === view);
  const known = (version === 'v1' || version === 'v1beta1') && clause.params.get('g') === 'meta.k8s.io';
  if (offeredView === undefined || !known) return undefined;
  if (offeredView === 'Table' && media === 'application/vnd.kubernetes.protobuf') return undefined;
  return { media, view: offeredView, viewVersion: version, pretty };
}

function negotiateHeader(accept: string, by: Negotiator): Negotiated | undefined {
  for (const clause of parseAccept(accept)) {
    const accepted = acceptClause(clause, by);
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}

/** Agrees on response forms for one kind of endpoint. Accept headers are few and repeat, so agreements are kept. */
export class Negotiator {
  readonly #agreed = new Map<string, Negotiated>();

  constructor(
    readonly offered: readonly MediaType[],
    readonly views: readonly View[],
    /** Those of `offered` that objects can be had in themselves, not only views of them. */
    readonly whole: readonly MediaType[] = offered,
    /** Whether a path has its media types, and answers itself where a client takes none of them. */
    readonly routed = true,
  ) {}

  /** Throws 406. */
  negotiate(ctx: KeelsonContext): Negotiated {
    const accept = ctx.req.headers.accept;
    const agreed = accept === undefined || accept === '' ? DEFAULT : this.#cached(accept, ctx.state.info?.verb);
    if (agreed.media === 'application/json' && !agreed.pretty && wantsPretty(ctx)) return { ...agreed, pretty: true };
    return agreed;
  }

  get #accepted(): readonly string[] {
    return this.offered === STREAM_MEDIA ? this.offered.map(streamed) : this.offered;
  }

  /** Lists and watches share a path. */
  #representations(verb: string): readonly string[] {
    const plain = MEDIA.filter((media) => this.whole.includes(media));
    if (verb !== 'list' && verb !== 'watch') return plain;
    return [...plain, ...STREAM_MEDIA.filter((media) => this.whole.includes(media)).map(streamed)];
  }

  #cached(accept: string, verb: string): Negotiated {
    const known = this.#agreed.get(accept);
    if (known !== undefined) return known;
    const agreed = negotiateHeader(accept, this);
    if (agreed === undefined) {
      throw takesSome(accept) || !this.routed ? notAcceptable(this.#accepted) : noRepresentation(this.#representations(verb));
    }
    if (accept.length > CACHED_LENGTH) return agreed;
    if (this.#agreed.size >= CACHE_LIMIT) this.#agreed.clear();
    this.#agreed.set(accept, agreed);
    return agreed;
  }
}

function streamed(media: MediaType): string {
  return `${media};stream=watch`;
}

/** Whether an Accept header takes any of the media types, in any form. */
function takesSome(accept: string): boolean {
  return parseAccept(accept).some(({ type }) => matchMedia(type, MEDIA) !== undefined);
}

/** People read what their browser, curl or wget fetched; programs do not. `pretty` in the query says it outright. */
function wantsPretty(ctx: KeelsonContext): boolean {
  const { query } = ctx.state;
  if (query.raw !== '' && query.has('pretty')) return query.flag('pretty');
  const agent = ctx.req.headers['user-agent'];
  return agent !== undefined && (agent.startsWith('curl') || agent.startsWith('Wget') || agent.startsWith('Mozilla/5.0'));
}

export const plainNegotiator = new Negotiator(MEDIA, NO_VIEWS);
/** For the groups, which are told apart from all other paths. */
export const groupsNegotiator = new Negotiator(MEDIA, NO_VIEWS, MEDIA, false);
const objectNegotiator = new Negotiator(MEDIA, VIEWS);
const watchNegotiator = new Negotiator(STREAM_MEDIA, VIEWS);
/** Custom resources are no messages. Clients that like protobuf better, as controllers do of whatever they find, get JSON. */
const customNegotiator = new Negotiator(MEDIA, VIEWS, TEXT_MEDIA, false);
const customWatchNegotiator = new Negotiator(STREAM_MEDIA, VIEWS, TEXT_MEDIA, false);

const answerNegotiator = new Negotiator(MEDIA, ['PartialObjectMetadata']);
const customAnswerNegotiator = new Negotiator(MEDIA, ['PartialObjectMetadata'], TEXT_MEDIA, false);

/** For what is made as an answer and not stored, as reviews are: there are no lists nor tables of it. */
export function answerNegotiatorOf({ custom }: Pick<KindSchema, 'custom'>): Negotiator {
  return custom ? customAnswerNegotiator : answerNegotiator;
}

/** For objects of a kind, and lists of them. */
export function negotiatorOf({ custom }: Pick<KindSchema, 'custom'>): Negotiator {
  return custom ? customNegotiator : objectNegotiator;
}

export function watchNegotiatorOf({ custom }: Pick<KindSchema, 'custom'>): Negotiator {
  return custom ? customWatchNegotiator : watchNegotiator;
}
