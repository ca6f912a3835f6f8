import { makePasskeys } from '@qej/api';
import {
  logPeriodic,
  makeAccountHandlers,
  makeDocumentHandlers,
  makeLogHandlers,
  makeOfficeHandlers,
  makeSessionHandlers,
  notifierPeriodic,
} from '@qej/usecases';
import type { BasePorts, EvidenceLog, PlatformFacts } from '@qej/usecases';
import type { JobHandler, Periodic } from '@qej/worker';
import type { DemoHolder } from './demo-holders.ts';
import type { LocalTrust } from './trust-setup.ts';

export interface StationDeps {
  readonly base: BasePorts;
  readonly local: LocalTrust;
  readonly log: EvidenceLog;
  readonly facts: PlatformFacts;
  readonly holders: readonly DemoHolder[];
}

/** Everything that answers a route, runs a job or looks at the clock. */
export interface Stations {
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, JobHandler>>;
  readonly periodic: readonly Periodic[];
}

/** What stands in for the outside world, named on screen. */
export const standIns = [
  { id: 'bank', name: { zh: '示范银行', en: 'Reference bank' } },
  { id: 'payment', name: { zh: '沙箱支付', en: 'Sandbox payment' } },
  { id: 'outbox', name: { zh: '发件箱（代替邮件、短信、语音）', en: 'Outbox for e-mail, SMS and voice' } },
  { id: 'ca', name: { zh: '本地证书机构', en: 'Local certificate authority' } },
  { id: 'tsa', name: { zh: '内置时间戳', en: 'Embedded time stamp authority' } },
  { id: 'witness', name: { zh: '演示见证（同一运营者）', en: 'Demo witness, same operator' } },
  { id: 'credit', name: { zh: '信用事实文件', en: 'Credit facts file' } },
] as const;

/** The outbox page is the delivery: whoever looks there reads the message. */
const outbox = { send: async (): Promise<void> => undefined };

export function makeStations({ base, local, log, facts, holders }: StationDeps): Stations {
  const { trust } = local;
  const identity = { ...base, trust, facts, passkeys: makePasskeys({ origin: facts.origin }) };
  const office = {
    ...identity,
    standIns,
    rulesVersions: facts.demo ? ['cn-2026', 'demo'] : ['cn-2026'],
    holders: async () => holders,
    health: async () => ({ parts: [] }),
  };
  return {
    handlers: {
      ...makeSessionHandlers(identity),
      ...makeAccountHandlers(identity),
      ...makeOfficeHandlers(office),
      ...makeDocumentHandlers({ ...base, trust }),
      ...makeLogHandlers({ ...base, log, trust, answerTimestamp: (request) => local.tsa.handle(request) }),
    },
    jobs: {},
    periodic: [
      ...logPeriodic(log),
      ...notifierPeriodic({ db: base.db, channels: { email: outbox, sms: outbox, voice: outbox } }),
    ],
  };
}
