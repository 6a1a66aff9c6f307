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

/** `empty` is the list without its items, which are its last member. */
function indentedLayout(empty: string, hasItems: boolean): Layout {
  const indented = indentJson(empty);
  const opened = indented.slice(0, indented.lastIndexOf('[]') + 1);
  return {
    head: hasItems ? `${opened}\n    ` : opened,
    separator: ',\n    ',
    tail: hasItems ? '\n  ]\n}\n' : ']\n}\n',
    item: (json) => indentJson(json, 2),
  };
}

function yamlLayout(empty: string, hasItems: boolean): Layout {
  const yaml = yamlText(empty);
  const items = /^(?:items|rows):( \[\])\n/m.exec(yaml);
  const at = (items?.index ?? 0) + (items?.[0].length ?? 0);
  return {
    head: hasItems ? `${yaml.slice(0, at - ' []\n'.length)}\n` : yaml.slice(0, at),
    separator: '',
    tail: yaml.slice(at),
    item: (json) => `- ${yamlText(json, true).replace(/\n(?=[^\n])/g, '\n  ')}`,
  };
}
