/** What decides which signer a request for a certificate (PKCS #10) is meant for. */
export interface CertificateRequest {
  readonly commonNames: readonly string[];
  readonly organizations: readonly string[];
  /** Kinds of alternative names that it asks for, as RFC 5280 numbers them. */
  readonly alternativeNames: readonly number[];
}

/** RFC 7468. */
export const certificateRequestPem = /-----BEGIN CERTIFICATE REQUEST-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----/;

/** Object identifiers as DER has them. */
const commonName = '550403';
const organization = '55040a';
const extensionRequest = '2a864886f70d01090e';
const subjectAlternativeName = '551d11';

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
}

/** The elements that a DER content consists of; throws where it is none. */
function elements(der: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der.readUInt8(at);
    const first = der.readUInt8(at + 1);
    // Longer contents say in how many bytes their length is.
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    const end = start + (lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes));
    if (end > der.length) throw new RangeError('the element goes on after its end');
    found.push({ tag, content: der.subarray(start, end), whole: der.subarray(at, end) });
    at = end;
  }
  return found;
}

function children(element: Element | undefined): Element[] {
  return element === undefined ? [] : elements(element.content);
}

/** The values that follow this identifier. */
function valuesOf(identifier: string, pairs: readonly Element[]): Element[] {
  return pairs.flatMap((pair) => {
    const [key, ...values] = children(pair);
    return key?.content.toString('hex') === identifier ? values : [];
  });
}

function textsOf(identifier: string, subject: Element | undefined): string[] {
  return valuesOf(identifier, children(subject).flatMap(children)).map(({ content }) => content.toString());
}

function alternativeNames(attributes: Element | undefined): number[] {
  const extensions = valuesOf(extensionRequest, children(attributes)).flatMap(children).flatMap(children);
  // What stands before the last value is whether the extension is critical.
  const [names] = valuesOf(subjectAlternativeName, extensions).slice(-1).flatMap(children);
  return children(names).map(({ tag }) => tag & 0x1f);
}

/** Undefined for what is no such request. */
export function readCertificateRequest(text: string): CertificateRequest | undefined {
  const [, base64] = certificateRequestPem.exec(text) ?? [];
  if (base64 === undefined) return undefined;
  try {
    const [request] = elements(Buffer.from(base64, 'base64'));
    const [, subject, , attributes] = children(children(request)[0]);
    return {
      commonNames: textsOf(commonName, subject),
      organizations: textsOf(organization, subject),
      alternativeNames: alternativeNames(attributes),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What whoever asks for a certificate has signed, to show that they have its key. */
export interface SignedRequest {
  readonly signed: Buffer;
  /** Object identifier of the algorithm, in hexadecimal digits of its DER content. */
  readonly algorithm: string;
  readonly signature: Buffer;
  /** SubjectPublicKeyInfo (RFC 5280). */
  readonly publicKey: Buffer;
}

/** Throws an error in the words of Go's ASN.1 reader where the request cannot be read. */
export function readSignedRequest(der: Buffer): SignedRequest {
  const [request, ...others] = readable(() => elements(der));
  if (others.length > 0) throw new Error('asn1: syntax error: trailing data');
  return readable(() => {
    const [info, algorithm, signature] = children(request);
    const [, , publicKey] = children(info);
    const [identifier] = children(algorithm);
    if (info === undefined || publicKey === undefined || identifier === undefined || signature === undefined) throw new RangeError();
    return {
      signed: info.whole,
      algorithm: identifier.content.toString('hex'),
      // What stands before the bits is how many of them are not used, which is none.
      signature: signature.content.subarray(1),
      publicKey: publicKey.whole,
    };
  });
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new Error('asn1: syntax error: data truncated') : error;
  }
}
