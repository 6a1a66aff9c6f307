import winston from 'winston';
import { BoundedSink } from './bounded-sink.js';
import { formatters, type LogFormat, type Severity } from './format.js';
import type { AdjustableLog, LogFields } from './log.js';

export interface LogOptions {
  readonly format: LogFormat;
  /** `-v`: information up to this verbosity is written. */
  readonly verbosity: number;
  /** Where lines go; standard error when absent. */
  readonly target?: NodeJS.WritableStream & { readonly writableLength: number };
  /** More places for the same lines, such as a file. */
  readonly transports?: readonly winston.transport[];
}

const none: LogFields = {};

/** The operational log of a process. Nothing is built for a line that is not written. */
export function createLog({ format, verbosity, target = process.stderr, transports = [] }: LogOptions): AdjustableLog {
  const render = formatters[format];
  const logger = winston.createLogger({
    levels: { error: 0, warn: 1, info: 2 },
    level: 'info',
    format: winston.format.printf((entry) => entry.message as string),
    transports: [new winston.transports.Stream({ stream: new BoundedSink(target), eol: '\n' }), ...transports],
  });
  const write = (severity: Severity, at: number, message: string, fields: LogFields): void => {
    logger.log(severity, render({ severity, verbosity: at, message, fields }, new Date()));
  };
  const log: AdjustableLog = {
    verbosity,
    error: (message, fields = none) => write('error', 0, message, fields),
    warn: (message, fields = none) => write('warn', 0, message, fields),
    info: (at, message, fields = none) => {
      if (at <= log.verbosity) write('info', at, message, fields);
    },
    enabled: (at) => at <= log.verbosity,
  };
  return log;
}
