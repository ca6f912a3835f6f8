import type { IntakeClient } from '@qej/client';
import { blobSource } from '@qej/sealed-bid';
import type { ByteSource } from '@qej/sealed-bid';
import { shallowRef } from 'vue';

export interface MeterReading {
  readonly readBytes: number;
  readonly sentBytes: number;
  readonly readMs: number;
  readonly sendMs: number;
  readonly allMs: number;
}
const none: MeterReading = { readBytes: 0, sentBytes: 0, readMs: 0, sendMs: 0, allMs: 0 };

/** Measures reading and sending; what is left of the time is encrypting and hashing. */
export function makeSealMeter() {
  const reading = shallowRef<MeterReading>(none);
  let beganAt = 0;
  const timed = async <T>(
    work: () => Promise<T>,
    note: (tookMs: number, value: T) => Partial<MeterReading>,
  ): Promise<T> => {
    const before = performance.now();
    const value = await work();
    const after = performance.now();
    reading.value = { ...reading.value, ...note(after - before, value), allMs: after - beganAt };
    return value;
  };
  const source = (file: Blob): ByteSource => {
    const plain = blobSource(file);
    return {
      size: plain.size,
      slice: (from, to) =>
        timed(
          () => plain.slice(from, to),
          (ms, bytes) => ({
            readMs: reading.value.readMs + ms,
            readBytes: reading.value.readBytes + bytes.length,
          }),
        ),
    };
  };
  const measured = (intake: IntakeClient): IntakeClient => ({
    ...intake,
    putObject: (call) =>
      timed(
        () => intake.putObject(call),
        (ms) => ({
          sendMs: reading.value.sendMs + ms,
          sentBytes: reading.value.sentBytes + (call.bytes instanceof Blob ? call.bytes.size : call.bytes.length),
        }),
      ),
  });
  const begin = (): void => {
    beganAt = performance.now();
    reading.value = none;
  };
  return { reading, source, measured, begin };
}

const perSecond = (bytes: number, ms: number): number => (ms <= 0 ? 0 : (bytes / ms) * 1_000);

/** Bytes a second of each part of the work, and milliseconds that are left for the blocks that are left. */
export function speedsOf(
  { readBytes, sentBytes, readMs, sendMs, allMs }: MeterReading,
  { done, all }: { readonly done: number; readonly all: number },
): { readonly read: number; readonly seal: number; readonly send: number; readonly leftMs: number } {
  const sealMs = Math.max(0, allMs - readMs - sendMs);
  return {
    read: perSecond(readBytes, readMs),
    seal: perSecond(sentBytes, sealMs),
    send: perSecond(sentBytes, sendMs),
    leftMs: done === 0 ? 0 : (allMs / done) * (all - done),
  };
}
