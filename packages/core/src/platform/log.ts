import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** The process's log: JSON lines on standard error, secrets cut out by name. `LOG_LEVEL` sets how much. */
export function makeLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['*.password', '*.token', '*.secret', '*.authorization', '*.cookie', 'authorization', 'cookie'],
        censor: '[hidden]',
      },
    },
    pino.destination(2),
  );
}
