import { isBreak } from './characters.js';
import { resolvePlain } from './resolve-scalar.js';

/** How a text is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** Longer ones, in bytes, stand behind a question mark. */
const maxSimpleKeyBytes = 128;

/** Whether a key fits before its colon. */
export function isSimpleKey(key: string): boolean {
  return !lineBreak.test(key) && Buffer.byteLength(key) <= maxSimpleKeyBytes;
}

export function scalarStyle(text: string, simpleKey: boolean): ScalarStyle {
  if (text === '') return 'double';
  const form = formOf(text);
  if (text.includes('\n')) return form.literal && !simpleKey ? 'literal' : 'double';
  if (readsAsOther(text)) return 'double';
  if (form.plain) return 'plain';
  return form.single ? 'single' : 'double';
}

const lineBreak = /[\n\r\u0085\u2028\u2029]/;
/** What has to be escaped; tabs are, too, and all beyond 16 bits. */
const special = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
/** What begins something else than text. */
const indicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:](?:[ \t]|$)|-(?:[ \t]|$))|:(?:[ \t]|$)|[ \t]#/;
const spaceBeforeBreak = / [\n\r\u0085\u2028\u2029]/;
const spaceAfterBreak = /[\n\r\u0085\u2028\u2029] /;

/** The styles in which the text would be read as it is. */
function formOf(text: string): { readonly plain: boolean; readonly single: boolean; readonly literal: boolean } {
  const escapes = spaceBeforeBreak.test(text) || special.test(text);
  const ends = text.startsWith(' ') || text.endsWith(' ') || isBreak(text[0] ?? '') || isBreak(text.at(-1) ?? '');
  return {
    plain: !escapes && !ends && !lineBreak.test(text) && !indicator.test(text),
    single: !escapes && !spaceAfterBreak.test(text),
    literal: !escapes && !text.endsWith(' '),
  };
}

/** In base 60, which other readers than this one know. */
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

function readsAsOther(text: string): boolean {
  return resolvePlain(text).tag !== 'str' || base60.test(text);
}
