import { describe, expect, it } from 'vitest';
import { LinkRewriter } from './link-rewriter.js';

/** A page that has come in pieces of a size, with its links in brackets. */
async function rewritten(page: string | Buffer, size = 1000): Promise<string> {
  const rewriter = new LinkRewriter((link) => `[${link}]`);
  const bytes = Buffer.from(page as string);
  const pieces: Buffer[] = [];
  rewriter.on('data', (piece: Buffer) => pieces.push(piece));
  for (let at = 0; at < bytes.length; at += size) rewriter.write(bytes.subarray(at, at + size));
  rewriter.end();
  await new Promise((resolve) => rewriter.once('end', resolve));
  return Buffer.concat(pieces).toString();
}

const pages: [string, string, string][] = [
  ['quoted', '<a href="/x">y</a>', '<a href="[/x]">y</a>'],
  ['in single quotes', "<A class=c HREF = '/x' id>y", "<A class=c HREF = '[/x]' id>y"],
  ['without quotes', '<a href=/x>y', '<a href=[/x]>y'],
  ['several of a tag', '<img src="/a"longdesc=/b alt="/c" usemap="#d"/>', '<img src="[/a]"longdesc=[/b] alt="/c" usemap="[#d]"/>'],
  [
    'of scripts, and none in them',
    '<script src="/a">"<a href=\'/b\'>"</SCRIPT><a href=/c>',
    '<script src="[/a]">"<a href=\'/b\'>"</SCRIPT><a href=[/c]>',
  ],
  ['behind comments, and none in them', '<!-- <a href="/a"> --><!--><a href="/b">', '<!-- <a href="/a"> --><!--><a href="[/b]">'],
  ['behind what only looks like tags', '<!doctype html><1<>< a="<a href=/b>', '<!doctype html><1<>< a="<a href=[/b]>'],
  ['not of other tags', '<p href="/a"><ab href="/b"><constructor href="/c">', '<p href="/a"><ab href="/b"><constructor href="/c">'],
  ['not of tags that do not end', 'é<a href="/x" ', 'é<a href="/x" '],
  ['behind a > in quotes', '<a title="1 > 2" href=/x>', '<a title="1 > 2" href=[/x]>'],
];

describe('LinkRewriter', () => {
  it.each(pages)('rewrites links %s', async (_, page, expected) => {
    expect(await rewritten(page)).toBe(expected);
  });

  it.each(pages)('finds them however a page is cut: %s', async (_, page, expected) => {
    for (const size of [1, 2, 3, 5]) expect(await rewritten(page, size)).toBe(expected);
  });

  it('passes on what is no UTF-8 as it is', async () => {
    const rewriter = new LinkRewriter((link) => link);
    rewriter.end(Buffer.from([0xff, 0x3c, 0xe9, 0x80]));
    expect(rewriter.read()).toEqual(Buffer.from([0xff, 0x3c, 0xe9, 0x80]));
  });

  it('does not wait for ever for the end of a tag', async () => {
    const long = `<a title="${'x'.repeat(70_000)}`;
    const rewriter = new LinkRewriter((link) => link);
    rewriter.write(Buffer.from(long));
    expect(rewriter.read()).toEqual(Buffer.from(long));
  });
});
