import type { IncomingMessage } from 'node:http';

/** Removes headers from a request, in both forms that Node keeps of them. `which` is asked of names in lower case. */
export function removeHeaders({ headers, rawHeaders }: IncomingMessage, which: (name: string) => boolean): void {
  let found = false;
  for (const name in headers) {
    if (!which(name)) continue;
    found = true;
    delete headers[name];
  }
  if (found) removeRaw(rawHeaders, which);
}

/** In place: names at even positions, each followed by its value. */
function removeRaw(raw: string[], which: (name: string) => boolean): void {
  let kept = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (which(name.toLowerCase())) continue;
    raw[kept++] = name;
    raw[kept++] = raw[at + 1] as string;
  }
  // Setting the length would have the array made anew.
  while (raw.length > kept) raw.pop();
}
