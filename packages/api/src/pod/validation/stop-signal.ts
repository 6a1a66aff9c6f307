import { type FieldError, type FieldPath, forbiddenField, notSupported } from '@keelson/machinery';
import type { core } from '@keelson/schema';

const words = (text: string): string[] => text.split(' ').map((name) => `SIG${name}`);

const realTime = (from: string, sign: string, count: number) => Array.from({ length: count }, (_, i) => `${from}${sign}${i + 1}`);

/** By operating system, in the order in which messages list them. */
const signals: Readonly<Record<string, readonly string[]>> = {
  linux: [
    ...words('ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP'),
    ...words('TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'),
    ...['SIGRTMIN', ...realTime('SIGRTMIN', '+', 15), ...realTime('SIGRTMAX', '-', 14), 'SIGRTMAX'],
  ].sort(),
  windows: ['SIGKILL', 'SIGTERM'],
};

/** What a container is stopped with (KEP-4960): which signals there are, the system says. */
export function validateStopSignal(signal: string | undefined, os: core.v1.PodOS | undefined, at: FieldPath): FieldError[] {
  if (signal === undefined) return [];
  if (os === undefined) return [forbiddenField(at, 'may not be set for containers with empty `spec.os.name`')];
  const supported = signals[os.name];
  return supported === undefined || supported.includes(signal) ? [] : [notSupported(at, signal, supported)];
}
