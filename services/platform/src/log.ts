import { pino } from 'pino';

export interface PlatformLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** JSON lines; no address, token, name of a bidder or amount is ever passed to it. */
export function makeLog(file: string): PlatformLog {
  const logger = pino({ level: 'info', base: {} }, pino.destination({ dest: file, mkdir: true, sync: true }));
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
