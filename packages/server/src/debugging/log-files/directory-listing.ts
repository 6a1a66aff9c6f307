import { readdir } from 'node:fs/promises';

const head = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n';

/** A page of links to what is in a directory, as Go's file server makes it: sorted, directories with a slash behind. */
export async function directoryListing(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  return `${head}${names.map(link).join('')}</pre>\n`;
}

function link(name: string): string {
  return `<a href="${relativeUrl(name)}">${escaped(name)}</a>\n`;
}

/** Go's escaping of a path, which leaves more than `encodeURIComponent` in some places and less in others. */
function relativeUrl(name: string): string {
  const url = encodeURIComponent(name)
    .replaceAll(/%(24|26|2B|2C|2F|3A|3B|3D|40)/g, (code) => decodeURIComponent(code))
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  // What is before the first colon would be taken for a scheme.
  return url.includes(':') ? `./${url}` : url;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
