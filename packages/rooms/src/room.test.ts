import test from 'ava';
import fc from 'fast-check';
import { DomainError, instant, type Instant } from '@qej/kernel';
import { mediaSources, roomRoles, type RoomRole } from './roles.ts';
import { decideRoom, mayBeHeard } from './room.ts';
import {
  defaultRoomPolicy,
  newRoom,
  type RoomCommand,
  type RoomEvent,
  type RoomPolicy,
  type RoomState,
} from './room-state.ts';

const now = instant(1_795_000_000_000);
const person = (id: string, role: RoomRole = 'expert') => ({ id, displayName: `专家${id}`, seat: id, role });

function play(
  commands: readonly RoomCommand[],
  policy: Partial<RoomPolicy> = {},
): { state: RoomState; events: RoomEvent[] } {
  let state = newRoom('r', { ...defaultRoomPolicy, ...policy });
  const events: RoomEvent[] = [];
  for (const command of commands) {
    const decision = decideRoom(state, command, now);
    state = decision.state;
    events.push(...decision.events);
  }
  return { state, events };
}

const join = (id: string, role?: RoomRole): RoomCommand => ({ kind: 'join', participant: person(id, role) });
const start = (participantId: string, source: 'mic' | 'camera' | 'screen' = 'mic', muted = false): RoomCommand => ({
  kind: 'startSource',
  participantId,
  source,
  muted,
});
const mute = (by: string, participantId: string, muted: boolean): RoomCommand => ({
  kind: 'setMuted',
  by,
  participantId,
  source: 'mic',
  muted,
});
const micOf = (state: RoomState, id: string) => state.participants.find((each) => each.id === id)?.sources.mic;

test('A person who comes back keeps seat, hand and floor, but not what was being sent', (t) => {
  const { state } = play([
    join('1', 'chair'),
    join('2'),
    start('2'),
    { kind: 'raiseHand', participantId: '2' },
    { kind: 'loseConnection', participantId: '2' },
    join('2'),
  ]);
  t.deepEqual(state.hands, ['2']);
  t.like(state.participants[1], { id: '2', presence: 'here', sources: {} });
});

test('A person who leaves takes hand, floor and sources away', (t) => {
  const { state, events } = play([
    join('1', 'chair'),
    join('2'),
    start('2'),
    { kind: 'grantFloor', by: '1', participantId: '2' },
    { kind: 'raiseHand', participantId: '2' },
    { kind: 'leave', participantId: '2' },
  ]);
  t.is(state.floor, null);
  t.deepEqual(state.hands, []);
  t.deepEqual(
    events.slice(-4).map(({ kind }) => kind),
    ['SourceChanged', 'HandsChanged', 'FloorChanged', 'ParticipantLeft'],
  );
});

test('The room takes no more people than its policy allows', (t) => {
  t.throws(() => play([join('1'), join('2'), join('3')], { maxParticipants: 2 }), {
    instanceOf: DomainError,
    code: 'E_ROOM_FULL',
  });
});

test('A supervisor sends nothing, and what somebody sends ends when made one', (t) => {
  t.throws(() => play([join('s', 'supervisor'), start('s')]), { code: 'E_ROOM_FORBIDDEN' });
  const { state } = play([
    join('1'),
    start('1'),
    { kind: 'raiseHand', participantId: '1' },
    { kind: 'changeRole', participantId: '1', role: 'supervisor' },
  ]);
  t.like(state, { hands: [] });
  t.deepEqual(state.participants[0]?.sources, {});
});

test('Chair and host mute anybody; nobody but the owner unmutes', (t) => {
  const people = [join('1', 'chair'), join('2'), join('3', 'host'), start('2')];
  t.is(micOf(play([...people, mute('1', '2', true)]).state, '2'), 'muted');
  t.is(micOf(play([...people, mute('3', '2', true), mute('2', '2', false)]).state, '2'), 'live');
  t.throws(() => play([...people, mute('1', '2', true), mute('1', '2', false)]), { code: 'E_ROOM_FORBIDDEN' });
  t.throws(() => play([...people, start('1'), mute('2', '1', true)]), { code: 'E_ROOM_FORBIDDEN' });
});

test('Where the floor is granted, only its holder and who leads are heard', (t) => {
  const policy = { floor: 'granted' } as const;
  const people = [join('1', 'chair'), join('2'), join('3'), start('1'), start('2'), start('3')];
  const before = play(people, policy).state;
  t.deepEqual(
    ['1', '2', '3'].map((id) => micOf(before, id)),
    ['live', 'muted', 'muted'],
  );
  t.throws(() => play([...people, mute('2', '2', false)], policy), { code: 'E_ROOM_FLOOR' });
  const passed = play(
    [
      ...people,
      { kind: 'grantFloor', by: '1', participantId: '2' },
      mute('2', '2', false),
      { kind: 'grantFloor', by: '1', participantId: '3' },
    ],
    policy,
  ).state;
  t.deepEqual(
    ['1', '2', '3'].map((id) => micOf(passed, id)),
    ['live', 'muted', 'muted'],
  );
  t.is(passed.floor, '3');
});

test('One screen at a time; it is free again when it ends', (t) => {
  const people = [join('1'), join('2'), start('1', 'screen')];
  t.throws(() => play([...people, start('2', 'screen')]), { code: 'E_ROOM_SCREEN_TAKEN' });
  t.is(
    play([...people, { kind: 'stopSource', participantId: '1', source: 'screen' }, start('2', 'screen')]).state
      .participants[1]?.sources.screen,
    'live',
  );
});

test('A closing room lets people go and nobody in; it closes once', (t) => {
  const closing: RoomCommand[] = [join('1'), { kind: 'close', reason: 'done' }];
  t.throws(() => play([...closing, join('2')]), { code: 'E_ROOM_CLOSED' });
  t.deepEqual(play([...closing, { kind: 'leave', participantId: '1' }]).state.participants, []);
  t.is(play([...closing, { kind: 'finishClosing' }]).state.status, 'closed');
  t.throws(() => play([...closing, { kind: 'close', reason: 'again' }]), { code: 'E_STATE' });
});

const anyId = fc.constantFrom('1', '2', '3', '4');
const anySource = fc.constantFrom(...mediaSources);
const anyRole = fc.constantFrom(...roomRoles);
const anyCommand: fc.Arbitrary<RoomCommand> = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    participant: fc.record({ id: anyId, displayName: fc.constant('x'), seat: fc.constant('1'), role: anyRole }),
  }),
  fc.record({
    kind: fc.constantFrom('leave' as const, 'loseConnection' as const, 'raiseHand' as const),
    participantId: anyId,
  }),
  fc.record({ kind: fc.constant('changeRole' as const), participantId: anyId, role: anyRole }),
  fc.record({
    kind: fc.constant('startSource' as const),
    participantId: anyId,
    source: anySource,
    muted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('stopSource' as const), participantId: anyId, source: anySource }),
  fc.record({
    kind: fc.constant('setMuted' as const),
    by: anyId,
    participantId: anyId,
    source: anySource,
    muted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('lowerHand' as const), by: anyId, participantId: anyId }),
  fc.record({ kind: fc.constant('grantFloor' as const), by: anyId, participantId: fc.option(anyId) }),
);

/** Long enough to get somewhere: fast-check's default size stops at about ten. */
const someCommands = fc.array(anyCommand, { minLength: 20, maxLength: 60, size: 'max' });

/** A state after each command; refused commands change nothing. */
function walk(
  commands: readonly RoomCommand[],
  policy: RoomPolicy,
  at: Instant,
  check: (state: RoomState) => void,
): void {
  let state = newRoom('r', policy);
  for (const command of commands) {
    try {
      state = decideRoom(state, command, at).state;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
    check(state);
  }
}

test('On every walk: only people in the room hold hands, floor and sources, no supervisor sends, one screen at most', (t) => {
  const property = fc.property(
    someCommands,
    fc.constantFrom('open' as const, 'granted' as const),
    (commands, floor) => {
      walk(commands, { ...defaultRoomPolicy, floor, maxParticipants: 3 }, now, (state) => {
        const ids = state.participants.map(({ id }) => id);
        t.true(ids.length <= 3 && new Set(ids).size === ids.length);
        t.true([...state.hands, ...(state.floor === null ? [] : [state.floor])].every((id) => ids.includes(id)));
        t.true(state.participants.filter(({ sources }) => sources.screen !== undefined).length <= 1);
        for (const participant of state.participants) {
          const sends = Object.keys(participant.sources).length > 0;
          const isSilent = participant.role === 'supervisor';
          t.false(sends && (isSilent || participant.presence === 'away'));
          t.false(isSilent && (state.floor === participant.id || state.hands.includes(participant.id)));
        }
      });
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('On every walk in a room where the floor is granted, no live microphone belongs to somebody who may not be heard', (t) => {
  const property = fc.property(someCommands, (commands) => {
    walk(commands, { ...defaultRoomPolicy, floor: 'granted' }, now, (state) => {
      for (const participant of state.participants)
        if (participant.sources.mic === 'live') t.true(mayBeHeard(state, participant));
    });
  });
  fc.assert(property, { numRuns: 500 });
});
