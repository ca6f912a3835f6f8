import test from 'ava';
import { DomainError } from '@qej/kernel';
import { admit, type AdmissionFacts } from './admission.ts';
import { roomRoles } from './roles.ts';

const member: AdmissionFacts = { role: 'expert', evaluation: 'open', isSignedIn: true, declaration: 'declared' };

test('A member who signed in and declared is admitted while the evaluation is open', (t) => {
  t.is(admit(member), 'expert');
  t.is(admit({ ...member, role: 'chair' }), 'chair');
});

for (const [code, change] of [
  ['E_ROOM_NOT_MEMBER', { role: undefined }],
  ['E_ROOM_NOT_OPEN_YET', { evaluation: 'notOpen' }],
  ['E_ROOM_CLOSED', { evaluation: 'closed' }],
  ['E_ROOM_NOT_SIGNED_IN', { isSignedIn: false }],
  ['E_ROOM_NOT_DECLARED', { declaration: 'none' }],
  ['E_ROOM_RECUSED', { declaration: 'recused' }],
] as const) {
  test(`A member is refused with ${code}`, (t) => {
    t.throws(() => admit({ ...member, ...change }), { instanceOf: DomainError, code });
  });
}

test('The host declares nothing but signs in; the supervisor needs neither', (t) => {
  t.is(admit({ ...member, role: 'host', declaration: 'none' }), 'host');
  t.throws(() => admit({ ...member, role: 'host', isSignedIn: false }), { code: 'E_ROOM_NOT_SIGNED_IN' });
  t.is(admit({ role: 'supervisor', evaluation: 'open', isSignedIn: false, declaration: 'none' }), 'supervisor');
});

test('Nobody is admitted to an evaluation that is closed', (t) => {
  for (const role of roomRoles)
    t.throws(() => admit({ ...member, role, evaluation: 'closed' }), { code: 'E_ROOM_CLOSED' });
});
