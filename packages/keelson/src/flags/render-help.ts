import type { Flag, FlagGroup } from './flag.js';

const width = 120;
const helpColumn = 6;

/** `--help` text: one headed section a group, flags in alphabetical order, as kube-apiserver prints it. */
export function renderHelp(usage: string, description: string, groups: readonly FlagGroup[]): string {
  return [wrap(description, width, 0), '', 'Usage:', `  ${usage}`, '', ...groups.flatMap(renderGroup)].join('\n');
}

function renderGroup({ title, flags }: FlagGroup): string[] {
  const rows = Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${title}:`, '', ...rows.flatMap(([name, flag]) => renderFlag(name, flag)), ''];
}

function renderFlag(name: string, flag: Flag): string[] {
  const short = flag.shorthand === undefined ? '    ' : `-${flag.shorthand}, `;
  const fallback = flag.type.format(flag.default);
  const notes = [fallback === '' ? '' : `(default ${fallback})`, statusNote(flag)].filter((note) => note !== '');
  return [
    `  ${short}--${name}${flag.type.label === '' ? '' : ` ${flag.type.label}`}`,
    wrap([flag.help, ...notes].join(' '), width, helpColumn + 4),
  ];
}

function statusNote(flag: Flag): string {
  if (flag.deprecation !== undefined) return `(DEPRECATED: ${flag.deprecation})`;
  if (flag.status === 'harmless') return '[no effect]';
  return flag.status === 'refused' ? '[not supported]' : '';
}

function wrap(text: string, columns: number, indent: number): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columns) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, margin + line].join('\n');
}
