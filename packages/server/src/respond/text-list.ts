import { type ListMeta, TimeSlice } from '@keelson/machinery';
import type { ListPage } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import { BodyStream } from './body-stream.js';
import { yamlText } from './document.js';
import { indentJson } from './indent-json.js';
import type { Negotiated } from './negotiate.js';
import type { ObjectForm } from './object-form.js';

/** A list as text for people: what comes before its first item, between two, and behind the last one. */
interface Layout {
  readonly head: string;
  readonly separator: string;
  readonly tail: string;
  item(json: string): string;
}

/** Writes a page indented or as YAML, item by item: a reader's comfort must not hold up everybody else. */
export async function writeTextList(
  ctx: KeelsonContext,
  form: ObjectForm,
  negotiated: Negotiated,
  page: ListPage,
  meta: ListMeta,
): Promise<void> {
  const { head, tail } = form.list(meta, 0, 0);
  const layout = (negotiated.media === 'application/yaml' ? yamlLayout : indentedLayout)(`${head}${tail ?? ''}`.trimEnd(), page.length > 0);
  const body = new BodyStream(ctx, 200, negotiated.media);
  body.add(Buffer.from(layout.head));
  const slice = new TimeSlice();
  let separator = '';
  for (const object of page.items) {
    body.add(Buffer.from(separator + layout.item(form.itemOpening + form.item(object).toString())));
    separator = layout.separator;
    if (body.full && !(await body.flush())) return;
    if (slice.spent()) await slice.next();
  }
  body.add(Buffer.from(layout.tail));
  body.end();
}

/** `empty` is the list without its items. */
function indentedLayout(empty: string, hasItems: boolean): Layout {
  const { before, none, behind } = around(indentJson(empty), /^ {2}"(?:items|rows)": (\[\]|null)/m);
  return {
    head: hasItems ? `${before}[\n    ` : `${before}${none}`,
    separator: ',\n    ',
    tail: `${hasItems ? '\n  ]' : ''}${behind}\n`,
    item: (json) => indentJson(json, 2),
  };
}

/** A text without what stands in it for no items. */
function around(text: string, pattern: RegExp): { readonly before: string; readonly none: string; readonly behind: string } {
  const found = pattern.exec(text);
  const none = found?.[1] ?? '';
  const end = (found?.index ?? 0) + (found?.[0].length ?? 0);
  return { before: text.slice(0, end - none.length), none, behind: text.slice(end) };
}

function yamlLayout(empty: string, hasItems: boolean): Layout {
  const { before, none, behind } = around(yamlText(empty), /^(?:items|rows):( \[\]| null)(?=\n)/m);
  return {
    head: hasItems ? `${before}\n` : `${before}${none}\n`,
    separator: '',
    tail: behind.slice(1),
    item: (json) => `- ${yamlText(json, true).replace(/\n(?=[^\n])/g, '\n  ')}`,
  };
}
