import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';
const BIND_POLL_MS = 20;
const BIND_LIMIT_MS = 5_000;
const BYE_LIMIT_MS = 2_000;
const INTERRUPT_LIMIT_MS = 2_000;
const STDERR_KEPT = 2_000;

export interface RtpInput {
  readonly kind: 'audio' | 'video';
  readonly payloadType: number;
}

export interface PortPair {
  readonly rtp: number;
  readonly rtcp: number;
}

const bindUdp = (port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket
      .once('error', () => resolve(undefined))
      .bind({ port, address: LOOPBACK, exclusive: true }, () => resolve(socket));
  });

/** A free even port and the odd one above (RFC 3550 section 11), found by trying and let go again. */
export async function findPortPair(): Promise<PortPair> {
  for (;;) {
    const first = await bindUdp(0);
    if (first === undefined) throw new Error('no UDP port is free');
    const rtp = first.address().port & ~1;
    first.close();
    const both = [await bindUdp(rtp), await bindUdp(rtp + 1)];
    for (const socket of both) socket?.close();
    if (both.every((socket) => socket !== undefined)) return { rtp, rtcp: rtp + 1 };
  }
}

/** The description of one RTP stream (RFC 8866; payloads of RFC 7587 and RFC 7741). */
export function recordingSdp({ kind, payloadType }: RtpInput, { rtp }: PortPair): string {
  const codec = kind === 'audio' ? 'opus/48000/2' : 'VP8/90000';
  return [
    'v=0',
    `o=- 0 0 IN IP4 ${LOOPBACK}`,
    's=room',
    `c=IN IP4 ${LOOPBACK}`,
    't=0 0',
    `m=${kind} ${rtp} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${codec}`,
    'a=recvonly',
    '',
  ].join('\r\n');
}

/**
 * RTCP BYE of one source with a reason (RFC 3550 section 6.6): ffmpeg takes it as the end of its input and
 * finishes the file, also when no packet flows any more. It ignores packets shorter than 12 bytes.
 */
const rtcpBye = Uint8Array.of(0x81, 203, 0, 2, 0, 0, 0, 0, 3, 0x65, 0x6e, 0x64);

const decoder = new TextDecoder();

/** Packets from the loopback address only; the description of the stream comes by the standard input. */
const readFrom =
  `-hide_banner -loglevel warning -protocol_whitelist pipe,udp,rtp -fflags +genpts -localaddr ${LOOPBACK} -buffer_size 1048576 -f sdp -i pipe:0`.split(
    ' ',
  );

/** Written through at once and in short clusters, so that a killed recorder loses little. */
const copyTo = '-map 0 -c copy -f webm -cluster_time_limit 2000 -flush_packets 1 -n'.split(' ');

/** One ffmpeg that copies one RTP stream into a WebM file. */
export class FfmpegProcess {
  readonly #child: ChildProcessByStdio<Writable, null, Readable>;
  readonly #ports: PortPair;
  /** Resolves when the process is gone, however it went. */
  readonly ended: Promise<void>;
  #stderr = '';
  #isEnded = false;

  constructor(ffmpegPath: string, input: RtpInput, ports: PortPair, file: string) {
    this.#ports = ports;
    const child = spawn(ffmpegPath, [...readFrom, ...copyTo, file], { stdio: ['pipe', 'ignore', 'pipe'] });
    this.#child = child;
    child.stderr.on(
      'data',
      (chunk: Uint8Array) => (this.#stderr = (this.#stderr + decoder.decode(chunk)).slice(-STDERR_KEPT)),
    );
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isEnded = true;
        resolve();
      };
      child.once('close', end).once('error', (error) => {
        this.#stderr += error.message;
        end();
      });
    });
    // A child that did not start has a broken pipe, which 'error' above tells already.
    child.stdin.on('error', () => undefined).end(recordingSdp(input, ports));
  }

  get pid(): number | undefined {
    return this.#isEnded ? undefined : this.#child.pid;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The end of what it complained about. */
  get complaint(): string {
    return this.#stderr.trim();
  }

  /** Resolves when it listens on its port. @throws Error when it ended or never did */
  async listening(): Promise<void> {
    const wanted = `:${this.#ports.rtcp.toString(16).toUpperCase().padStart(4, '0')} `;
    for (let waitedMs = 0; waitedMs < BIND_LIMIT_MS && !this.#isEnded; waitedMs += BIND_POLL_MS) {
      if ((await readFile('/proc/net/udp', 'utf8')).includes(wanted)) return;
      await sleep(BIND_POLL_MS);
    }
    throw new Error(`ffmpeg does not listen: ${this.complaint}`);
  }

  /** Ends the file in order; with force if it does not obey. */
  async stop(): Promise<void> {
    const bye = createSocket('udp4');
    bye.send(rtcpBye, this.#ports.rtcp, LOOPBACK, () => bye.close());
    if (await this.#endsWithin(BYE_LIMIT_MS)) return;
    this.#child.kill('SIGINT');
    if (await this.#endsWithin(INTERRUPT_LIMIT_MS)) return;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #endsWithin(limitMs: number): Promise<boolean> {
    const limit = new AbortController();
    const late = sleep(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([this.ended, late]);
    limit.abort();
    return this.#isEnded;
  }
}
