import type { KubeObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { StoredObject } from '@keelson/storage';
import type { Cell } from '../resource/column.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { CompressedItems } from './compressed-items.js';
import { partialPrefix } from './json-prefix.js';
import { encodeRow, rowEnd, rowText } from './table-row.js';

/** What a row carries besides its cells. */
export type IncludedObject = 'None' | 'Metadata' | 'Object';

const SEPARATOR = Buffer.from(',');
const NO_OBJECT = Buffer.from('null\n');
const ROW_TAIL = Buffer.from('}');

/** The rows of a version's tables in one form, made once for an object and kept on it. */
export class TableRows {
  readonly #key: string;
  readonly #partialHead: Buffer;
  readonly compressed: CompressedItems;

  constructor(
    private readonly version: ResourceVersion,
    viewVersion: string,
    private readonly includeObject: IncludedObject,
  ) {
    this.#key = `${version.apiVersion}/table/${viewVersion}/${includeObject}/row`;
    this.#partialHead = partialPrefix(viewVersion);
    const validUntilMs = (stored: StoredObject) => rowEnd(this.#row(stored), Date.now());
    this.compressed = new CompressedItems(this.#key, (stored) => this.text(stored), SEPARATOR, validUntilMs);
  }

  /** JSON text of one row, its ages as they are now. */
  text(stored: StoredObject): Buffer {
    return rowText(this.#row(stored), Date.now());
  }

  #row(stored: StoredObject): Buffer {
    const kept = stored.encoded.get(this.#key);
    if (kept !== undefined) return kept;
    const object = this.version.printedObject(stored);
    const conditions = this.version.resource.definition.rowConditions?.(object) ?? [];
    const document = this.#document(stored);
    const made = encodeRow(
      this.#cells(object),
      Buffer.concat([
        Buffer.from(`,${conditions.length === 0 ? '' : `"conditions":${formatJson(conditions)},`}"object":`),
        document.subarray(0, document.length - 1),
        ROW_TAIL,
      ]),
    );
    stored.encoded.set(this.#key, made);
    return made;
  }

  #document(stored: StoredObject): Buffer {
    if (this.includeObject === 'None') return NO_OBJECT;
    return this.includeObject === 'Object'
      ? this.version.jsonDocument(stored)
      : this.version.partialJsonDocument(stored, this.#partialHead);
  }

  /** In column order. */
  #cells(object: KubeObject): Cell[] {
    return this.version.columns.map((column) => {
      try {
        return column.cell(object);
      } catch {
        return null; // one odd object must not keep people from seeing all the others
      }
    });
  }
}
