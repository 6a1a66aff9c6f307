import { Transform, type TransformCallback } from 'node:stream';
import { readStartTag, type StartTag } from './start-tag.js';

/** The attributes that hold a URL, by their tag. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** Elements that hold text only, whatever it looks like. */
const TEXT_ELEMENTS: ReadonlySet<string> = new Set([
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'plaintext',
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
]);

/** What looks like a tag and does not end within this is none: pages are not kept in memory. */
const LONGEST_TAG = 64 * 1024;

const COMMENT_END = '-->';

/** Leads the links of a page elsewhere, as it passes by. Everything else leaves as it came, byte by byte. */
export class LinkRewriter extends Transform {
  readonly #rewrite: (link: string) => string;
  /** What waits for more to come, one character for each byte. */
  #text = '';
  /** What ends the part that nothing is looked for in: `</script`, `-->`. */
  #until: string | undefined;

  constructor(rewrite: (link: string) => string) {
    super();
    this.#rewrite = rewrite;
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#text += piece.toString('latin1');
    done(null, Buffer.from(this.#take(), 'latin1'));
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(this.#text, 'latin1'));
  }

  /** What can leave now. */
  #take(): string {
    let taken = '';
    for (let length = -1; length !== this.#text.length; ) {
      length = this.#text.length;
      taken += this.#until === undefined ? this.#takeMarkup() : this.#takeText(this.#until);
    }
    return taken;
  }

  #takeText(until: string): string {
    const end = this.#text.toLowerCase().indexOf(until);
    if (end < 0) return this.#cut(Math.max(0, this.#text.length - until.length + 1));
    this.#until = undefined;
    return this.#cut(end + until.length);
  }

  #takeMarkup(): string {
    const text = this.#text;
    const at = text.indexOf('<');
    if (at !== 0) return this.#cut(at < 0 ? text.length : at);
    if (/^<[a-z]/i.test(text)) return this.#takeTag();
    if (text.startsWith('<!--')) this.#until = COMMENT_END;
    else if ('<!--'.startsWith(text)) return '';
    // The comment <!--> has ended already.
    return this.#cut(text.startsWith('<!--') ? 2 : 1);
  }

  #takeTag(): string {
    const tag = readStartTag(this.#text, 0);
    if (tag === undefined) return this.#text.length > LONGEST_TAG ? this.#cut(1) : '';
    if (TEXT_ELEMENTS.has(tag.name)) this.#until = `</${tag.name}`;
    return this.#rewritten(tag, this.#cut(tag.end));
  }

  #rewritten({ name, attributes }: StartTag, text: string): string {
    const links = Object.hasOwn(LINKS, name) ? (LINKS[name] as readonly string[]) : [];
    let result = '';
    let copied = 0;
    for (const { start, end } of attributes.filter((attribute) => links.includes(attribute.name))) {
      result += text.slice(copied, start) + this.#rewrite(text.slice(start, end));
      copied = end;
    }
    return result + text.slice(copied);
  }

  #cut(length: number): string {
    const taken = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return taken;
  }
}
