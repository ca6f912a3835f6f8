import { DomainError } from '@qej/kernel';
import test from 'ava';
import type { NotificationKind } from './notification.ts';
import { notificationKindIds, notificationKinds, renderNotification, tellingParams } from './notification.ts';

const kindOf = (kind: (typeof notificationKindIds)[number]): NotificationKind => notificationKinds[kind];
const paramsOf = (kind: NotificationKind): Record<string, string> =>
  Object.fromEntries(kind.params.map((name) => [name, `<${name}>`]));

test('every template uses exactly its declared parameters, in both languages', (t) => {
  for (const id of notificationKindIds) {
    const kind = kindOf(id);
    for (const { subject, body } of [kind.zh, kind.en]) {
      const used = [...`${subject} ${body}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      t.deepEqual([...new Set(used)].toSorted(), [...kind.params].toSorted(), id);
    }
    t.regex(kind.zh.subject, /\p{Script=Han}/u);
  }
});

test('before the opening, no message to a bidder or guarantor carries tender or amount', (t) => {
  let rendered = 0;
  for (const id of notificationKindIds) {
    const kind = kindOf(id);
    for (const role of kind.audience.filter((audience) => audience === 'bidder' || audience === 'guarantor')) {
      const isTelling = kind.params.some((name) => tellingParams.includes(name));
      const render = () => renderNotification({ kind: id, role, params: paramsOf(kind), isOpened: false });
      if (isTelling || kind.phase === 'after-opening') {
        t.throws(render, { instanceOf: DomainError, code: 'E_NOTIFICATION_LEAK' }, id);
        continue;
      }
      rendered++;
      const text = JSON.stringify(render());
      t.false(
        tellingParams.some((name) => text.includes(`<${name}>`)),
        id,
      );
    }
  }
  t.true(rendered > 0);
});

test('what the reader fixes before the opening is one sentence, the same for every reason', (t) => {
  const one = renderNotification({ kind: 'inbox-updated', role: 'bidder', params: {}, isOpened: false });
  t.deepEqual(one, renderNotification({ kind: 'inbox-updated', role: 'guarantor', params: {}, isOpened: true }));
});

test('after the opening the parameters are filled in; a missing or unknown one, or another audience, is refused', (t) => {
  const good = {
    kind: 'candidates-published',
    role: 'bidder',
    params: { tender: '某工程', until: '11月27日' },
    isOpened: true,
  } as const;
  t.is(renderNotification(good).zh.body, '项目“某工程”的中标候选人已公示，公示期至 11月27日。');
  t.throws(() => renderNotification({ ...good, params: { tender: '某工程' } }), {
    instanceOf: DomainError,
    code: 'E_NOTIFICATION_PARAMS',
  });
  t.throws(() => renderNotification({ ...good, params: { tender: '某工程', amount: '1' } }), {
    instanceOf: DomainError,
    code: 'E_NOTIFICATION_PARAMS',
  });
  t.throws(() => renderNotification({ ...good, role: 'expert' }), { instanceOf: DomainError, code: 'E_ROLE' });
});
