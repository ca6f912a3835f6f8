import type { Transitions } from '@qej/kernel';

/** 抽取 → 通知 → 接受 → 签到 → 承诺 → 解散, and the ways out of it. */
export const memberStates = [
  'drawn',
  'called',
  'accepted',
  'declined',
  'unreachable',
  'absent',
  'signed-in',
  'declared',
  'recused',
  'left',
  'released',
] as const;
export type MemberState = (typeof memberStates)[number];

export type MemberEvent =
  | 'call'
  | 'accept'
  | 'decline'
  | 'miss'
  | 'stay-away'
  | 'sign-in'
  | 'declare'
  | 'recuse'
  | 'leave'
  | 'release';

export const memberTransitions = {
  drawn: { call: 'called' },
  called: { accept: 'accepted', decline: 'declined', miss: 'unreachable' },
  accepted: { decline: 'declined', 'stay-away': 'absent', 'sign-in': 'signed-in' },
  'signed-in': { declare: 'declared', recuse: 'recused', leave: 'left' },
  declared: { recuse: 'recused', leave: 'left', release: 'released' },
  declined: {},
  unreachable: {},
  absent: {},
  recused: {},
  left: {},
  released: {},
} as const satisfies Transitions<MemberState, MemberEvent>;

/** Those who hold a seat or may still take it. */
export const seatedStates: readonly MemberState[] = [
  'drawn',
  'called',
  'accepted',
  'signed-in',
  'declared',
  'released',
];

export const committeeStates = ['forming', 'electing', 'reviewing', 'interrupted', 'concluded', 'dissolved'] as const;
export type CommitteeState = (typeof committeeStates)[number];

/** `complete`: every seat is declared. `vacate`: a seat became free. */
export type CommitteeEvent = 'complete' | 'elect' | 'vacate' | 'conclude' | 'dissolve';

export const committeeTransitions = {
  forming: { complete: 'electing', vacate: 'forming' },
  electing: { elect: 'reviewing', vacate: 'forming' },
  reviewing: { vacate: 'interrupted', conclude: 'concluded' },
  interrupted: { complete: 'reviewing', vacate: 'interrupted' },
  concluded: { dissolve: 'dissolved' },
  dissolved: {},
} as const satisfies Transitions<CommitteeState, CommitteeEvent>;
