import type { LogFields } from './log.js';

export type Severity = 'error' | 'warn' | 'info';

export interface LogEntry {
  readonly severity: Severity;
  readonly verbosity: number;
  readonly message: string;
  readonly fields: LogFields;
}

/** `--logging-format` */
export type LogFormat = 'text' | 'json';

export const formatters: Readonly<Record<LogFormat, (entry: LogEntry, now: Date) => string>> = { text, json };

const letters: Readonly<Record<Severity, string>> = { error: 'E', warn: 'W', info: 'I' };

/** klog's structured text: `I0102 15:04:05.000000 4711 "message" key="value"`. */
function text({ severity, message, fields }: LogEntry, now: Date): string {
  const at = now.toISOString();
  let line = `${letters[severity]}${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000 ${process.pid} ${JSON.stringify(message)}`;
  for (const [key, value] of Object.entries(fields)) line += ` ${key}=${textValue(value)}`;
  return line;
}

function textValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message) + stackBelow(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value ?? null);
}

/** On lines of their own, where people look for them. */
function stackBelow({ stack }: Error): string {
  const frames = stack?.slice(stack.indexOf('\n    at ')) ?? '';
  return frames.startsWith('\n') ? frames : '';
}

/** component-base's JSON: `ts` in milliseconds, `v` only for information. */
function json({ severity, verbosity, message, fields }: LogEntry, now: Date): string {
  const values = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, jsonValue(value)]));
  return JSON.stringify({ ts: now.getTime(), level: severity, ...(severity === 'info' && { v: verbosity }), msg: message, ...values });
}

function jsonValue(value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack } : value;
}
