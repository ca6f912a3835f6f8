import { p } from '@mikro-orm/core';
import type { Json } from '@qej/kernel';

/** 32 hex digits, primary key. */
export const primaryId = () => p.string().length(32).primary();
export const ref = () => p.string().length(32);
export const hash = () => p.string().length(64);
export const word = () => p.string().length(64);
export const line = () => p.string().length(255);
/** UTC milliseconds. */
export const at = () => p.bigint('number');
/** `longtext` has TEXT affinity on SQLite and no 64-KiB limit on MySQL. */
export const long = () => p.text().columnType('longtext');
export const json = <T = Json>() => p.json<T>();
