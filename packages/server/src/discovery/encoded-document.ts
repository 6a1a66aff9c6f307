import { formatJson } from '@keelson/machinery';
import { envelopePrefix, type KindSchema, wrap } from '@keelson/schema';
import { CachedBody } from '../respond/cached-body.js';
import { textBody } from '../respond/document.js';
import type { Negotiated } from '../respond/negotiate.js';

interface Document {
  readonly kind?: string;
  readonly apiVersion?: string;
}

/** A document that does not change: encoded once in each form somebody asks for. */
export class EncodedDocument {
  readonly #bodies = new Map<string, CachedBody>();

  constructor(
    /** Carries its TypeMeta as it is to be told, keys in their order. */
    readonly document: Document,
    readonly schema: KindSchema<object>,
    /** Media type parameters that tell of the form: `;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`. */
    readonly parameters = '',
    /** Its JSON, where that is known without formatting all of it. */
    readonly json: () => string = () => formatJson(document),
  ) {}

  body(form: Negotiated): CachedBody {
    const key = form.pretty ? `${form.media};pretty` : form.media;
    const known = this.#bodies.get(key);
    if (known !== undefined) return known;
    const body = new CachedBody(`${form.media}${this.parameters}`, this.#encode(form));
    this.#bodies.set(key, body);
    return body;
  }

  #encode(form: Negotiated): Buffer {
    const { document, schema } = this;
    if (form.media !== 'application/vnd.kubernetes.protobuf') return textBody(this.json(), form);
    return wrap(envelopePrefix(document.apiVersion ?? '', document.kind ?? ''), schema.codec.encode(document));
  }
}
