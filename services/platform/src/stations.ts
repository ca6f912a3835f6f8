import { makePasskeys } from '@qej/api';
import { openObjectPool } from '@qej/persistence';
import { nodeProvider } from '@qej/sealed-bid/node';
import {
  appendPool,
  createIntakeGate,
  drawSeed,
  evaluationJobs,
  logPeriodic,
  makeAccountHandlers,
  makeArchiveHandlers,
  makeDocumentHandlers,
  makeDraftHandlers,
  makeEvaluationHandlers,
  makeHolderHandlers,
  makeIntakeHandlers,
  makeLogHandlers,
  makeOfficeHandlers,
  makeOpeningDriver,
  makeOpeningHandlers,
  makePublishHandlers,
  makeResultHandlers,
  makeSessionHandlers,
  makeTenderQueryHandlers,
  makeTokenHandlers,
  notifierPeriodic,
  openedBidsOf,
  openingJobs,
  openingPeriodic,
  releaseGate,
  resultJobs,
  viewTender,
} from '@qej/usecases';
import type {
  BasePorts,
  DepositStation,
  EvidenceLog,
  FaultPoint,
  IntakeHandlers,
  PlatformFacts,
  TenderRecord,
} from '@qej/usecases';
import type { JobHandler, Periodic } from '@qej/worker';
import { join } from 'node:path';
import type { DemoHolder } from './demo-holders.ts';
import type { ExpertRooms } from './expert-rooms.ts';
import type { LocalKeys } from './local-keys.ts';
import type { LocalTrust } from './trust-setup.ts';

export interface StationDeps {
  readonly base: BasePorts;
  readonly local: LocalTrust;
  readonly keys: LocalKeys;
  readonly log: EvidenceLog;
  readonly facts: PlatformFacts;
  readonly holders: readonly DemoHolder[];
  readonly rooms: ExpertRooms;
  readonly deposits: DepositStation;
  readonly dataDirectory: string;
  readonly faults: FaultPoint | undefined;
}

/** Everything that answers a route, runs a job or looks at the clock. */
export interface Stations {
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly intakeHandlers: IntakeHandlers;
  readonly jobs: Readonly<Record<string, JobHandler>>;
  readonly periodic: readonly Periodic[];
}

/** What stands in for the outside world, named on screen. */
const standIns = [
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

function makeOffice({ base, local, facts, holders, rooms, log }: StationDeps) {
  const identity = { ...base, trust: local.trust, facts, passkeys: makePasskeys({ origin: facts.origin }) };
  return {
    ...identity,
    standIns,
    rulesVersions: facts.demo ? ['cn-2026', 'demo'] : ['cn-2026'],
    holders: async () => holders,
    health: async () => {
      const head = await log.latest().catch(() => undefined);
      return {
        parts: [
          { id: 'rooms', name: { zh: '评标室音视频', en: 'Expert rooms' }, ...(await rooms.state()) },
          {
            id: 'witness',
            name: { zh: '外部见证副签', en: 'Witness cosignature' },
            ok: head?.cosigned === true,
            detail: head === undefined ? '' : `size ${head.size}`,
          },
        ],
      };
    },
  };
}

/** Sealed bids: the blind door and the opening share objects, registers and the gate between them. */
function makeSealing(deps: StationDeps) {
  const { base, local, log, dataDirectory, facts } = deps;
  return {
    ...base,
    trust: local.trust,
    log,
    facts,
    provider: nodeProvider,
    objects: openObjectPool(join(dataDirectory, 'pool', 'objects'), deps.faults),
    registers: openObjectPool(join(dataDirectory, 'pool', 'registers'), deps.faults),
    gate: createIntakeGate(),
    deposits: deps.deposits.review,
    tokenKey: deps.keys.blindIssuer.publicKey,
    tsaIndependent: false,
  };
}

/** Composes the stations over one set of adapters. */
export function makeStations(deps: StationDeps): Stations {
  const { base, local, log, facts } = deps;
  const { trust } = local;
  const office = makeOffice(deps);
  const tender = {
    ...base,
    trust,
    facts,
    log,
    provider: nodeProvider,
    holders: office.holders,
    releaseGate,
    appendPool,
  };
  const sealing = makeSealing(deps);
  const driver = makeOpeningDriver(sealing);
  const evaluation = {
    ...base,
    trust,
    log,
    facts,
    rooms: deps.rooms,
    bids: { openedBidsOf },
    seeds: { drawSeed: (record: TenderRecord, purpose: string) => drawSeed(nodeProvider, record, purpose) },
    viewTender: (tenderId: string, context: Parameters<typeof viewTender>[2]) => viewTender(tender, tenderId, context),
    deposits: deps.deposits.deposits,
  };
  return {
    handlers: {
      ...makeSessionHandlers(office),
      ...makeAccountHandlers(office),
      ...makeOfficeHandlers(office),
      ...makeDocumentHandlers({ ...base, trust }),
      ...makeDraftHandlers(tender),
      ...makeHolderHandlers(tender),
      ...makePublishHandlers(tender),
      ...makeTenderQueryHandlers(tender),
      ...makeTokenHandlers({ db: base.db, issuer: deps.keys.blindIssuer }),
      ...makeOpeningHandlers(sealing),
      ...makeEvaluationHandlers(evaluation),
      ...makeResultHandlers(evaluation),
      ...makeArchiveHandlers(sealing),
      ...makeLogHandlers({ ...base, log, trust, answerTimestamp: (request) => local.tsa.handle(request) }),
      ...deps.deposits.handlers,
    },
    intakeHandlers: makeIntakeHandlers(sealing),
    jobs: {
      ...openingJobs(sealing, driver),
      ...evaluationJobs(evaluation),
      ...resultJobs(evaluation),
      ...deps.deposits.jobs,
    },
    periodic: [
      ...logPeriodic(log),
      ...openingPeriodic(sealing, driver),
      ...deps.deposits.periodic,
      ...notifierPeriodic({ db: base.db, channels: { email: outbox, sms: outbox, voice: outbox } }),
    ],
  };
}
