import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isMet, type Result } from './result.js';

const COLUMNS = [24, 14, 12, 12, 6] as const;

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[0]) : cell.padStart(COLUMNS[i] ?? 0))).join('');
}

function digits(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export const tableHead = row(['scenario', 'measured', 'x bare', 'aim', 'met']);

export function tableRow(result: Result): string {
  const { scenario, value, unit, units, aim, note } = result;
  const met = isMet(result);
  const aimText = aim === undefined ? '' : units === undefined ? `${aim} ${unit}` : `${aim} x`;
  const cells = [
    scenario,
    `${digits(value)} ${unit}`,
    units === undefined ? '' : digits(units),
    aimText,
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
  return `${row(cells)}${note === undefined ? '' : `  ${note}`}`;
}

export function writeResults(root: string, backend: string, results: readonly Result[]): string {
  const dir = join(root, 'bench-results');
  mkdirSync(dir, { recursive: true });
  const at = new Date();
  const file = join(dir, `${at.toISOString().replace(/[:.]/g, '-')}-${backend}.json`);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  const rows = results.map((result) => ({ ...result, met: isMet(result) ?? null }));
  writeFileSync(file, `${JSON.stringify({ at, backend, ...machine, results: rows }, undefined, 2)}\n`);
  return file;
}
