import { usccCheckCharacter } from '@qej/identity';
import { DomainError, newId } from '@qej/kernel';
import type { composeNotice } from '../../tender/compose-notice.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
}

let counter = Number.parseInt(newId().slice(0, 6), 16);
export const nextUscc = (): string => {
  counter += 1;
  const first17 = `91370202${String(counter).padStart(9, '0')}`;
  return first17 + usccCheckCharacter(first17);
};

/** A handler's input, as the mount gives it. */
export const input = <P, B = undefined>(params: P, body?: B) =>
  ({ params, body: body as B, query: undefined, bytes: undefined }) as {
    params: P;
    body: B;
    query: undefined;
    bytes: undefined;
  };

export const partyOf = ({ id, name, uscc }: Organization) => ({ organizationId: id, name, uscc });
export const holder = (letter: string, role: string) => ({
  holderId: letter.repeat(32),
  role,
  name: { zh: role, en: role },
  organizationId: letter.repeat(32),
  independent: false,
});
export const draftOf = (tendereeOrganizationId: string): Parameters<typeof composeNotice>[0] => ({
  code: 'TEST-2026-0001',
  title: { zh: '测试道路工程', en: 'Test road works' },
  rulesVersion: 'demo',
  regime: 'mandatory-tender',
  openingMode: 'joint',
  tendereeOrganizationId,
  lot: { name: { zh: '第一标段', en: 'Lot 1' }, estimate: '10000000.00', ceilingPrice: '10000000.00' },
  deadline: { wallTime: '2026-08-03T15:00:00', zone: 'Asia/Shanghai' },
  bidValidityDays: 90,
  decryptionWindowMs: 60_000,
  publicityMs: 5_000,
  holders: ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)],
  passFail: [
    { itemId: 'signature', title: { zh: '签字盖章', en: 'Signed' }, clause: '初步评审 1' },
    { itemId: 'qualification', title: { zh: '资质条件', en: 'Qualified' }, clause: '初步评审 2' },
  ],
  criteria: [
    { criterionId: 'record', title: { zh: '类似业绩', en: 'Record' }, max: '10', step: '1', kind: 'objective' },
    { criterionId: 'method', title: { zh: '施工组织设计', en: 'Method' }, max: '30', step: '0.5', kind: 'subjective' },
    { criterionId: 'team', title: { zh: '项目班子', en: 'Team' }, max: '20', step: '0.5', kind: 'subjective' },
  ],
  scoringRule: { preset: 'comprehensive-p2' },
  deposit: { rateBasisPoints: 200, creditPolicy: 'demo-2026' },
  committee: { size: 5, specialties: [] },
  description: '',
});

export const refused = (code: string) => ({ instanceOf: DomainError, code });
