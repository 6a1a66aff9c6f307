import type { Buffer } from 'node:buffer';
import { formatJson } from '@keelson/machinery';
import { parseJson } from '../../json/parse-json.js';
import { cursor } from '../wire.js';
import { KeptValues } from './kept-values.js';
import { RawJsonForm } from './raw-json-forms.js';
import { soleBytes } from './sole-field.js';

/**
 * What a manager owns. Nobody changes such sets, and a write leaves most of them as they are: those that were read are
 * kept for a while with their text, to be neither parsed nor put into text again.
 */
export class FieldsV1Form extends RawJsonForm {
  readonly #kept = new KeptValues();

  override decode(b: Buffer, at: number, end: number): unknown {
    const from = soleBytes(b, at, end, this.tag);
    return from < 0 ? null : this.#kept.read(b.toString('utf8', from, cursor.at), parseJson);
  }

  protected override text(value: unknown): string {
    return this.#kept.textOf(value, formatJson);
  }
}
