import { renderNotification } from '@qej/identity';
import type { NotificationKindId, Role } from '@qej/identity';
import { newId } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Transaction } from '../ports.ts';
import type { UserRecord } from '../records.ts';

export interface NewNotification {
  readonly kind: NotificationKindId;
  readonly at: Instant;
  /** As what the recipients are told; decides what the message may say. */
  readonly role: Role;
  readonly to: { readonly userIds?: readonly string[]; readonly organizationIds?: readonly string[] };
  readonly tenderId?: string;
  readonly params: Readonly<Record<string, string>>;
  /** Has the bidder list of the tender been published? Until then nothing telling goes to a bidder. */
  readonly isOpened: boolean;
  /** Unique together with the recipient: the same event is told once. */
  readonly dedupe: string;
}

async function recipientsOf(tx: Transaction, { to, role }: NewNotification): Promise<UserRecord[]> {
  const members =
    to.organizationIds === undefined ? [] : await tx.memberships.list({ organizationId: to.organizationIds });
  const ids = new Set([
    ...(to.userIds ?? []),
    ...members.filter(({ roles }) => roles.includes(role)).map(({ userId }) => userId),
  ]);
  return ids.size === 0 ? [] : tx.users.list({ id: [...ids] });
}

/**
 * The one notifier: into the inbox always, and onto the outbox for e-mail (and SMS where a phone is known), which the
 * worker delivers and retries. Runs in the transaction of the act it tells of.
 * @throws DomainError `E_NOTIFICATION_LEAK` for a message that would tell a bidder's part before the opening.
 */
export async function notify(tx: Transaction, notification: NewNotification): Promise<void> {
  const { zh, en } = renderNotification(notification);
  for (const user of await recipientsOf(tx, notification)) {
    const dedupe = `${notification.dedupe}:${user.id}`;
    if ((await tx.deliveries.find({ dedupe: `email:${dedupe}` })) !== undefined) continue;
    await tx.inbox.insert({
      id: newId(),
      userId: user.id,
      event: notification.kind,
      tenderId: notification.tenderId ?? null,
      subject: { zh: zh.subject, en: en.subject },
      text: { zh: zh.body, en: en.body },
      at: notification.at,
      readAt: null,
    });
    const delivery = {
      subject: `${zh.subject} · ${en.subject}`,
      text: `${zh.body}\n${en.body}`,
      state: 'queued',
      attempts: 0,
      nextAttemptAt: notification.at,
      createdAt: notification.at,
    };
    await tx.deliveries.insert({
      id: newId(),
      dedupe: `email:${dedupe}`,
      channel: 'email',
      recipient: user.email,
      ...delivery,
    });
    if (user.phone !== '')
      await tx.deliveries.insert({
        id: newId(),
        dedupe: `sms:${dedupe}`,
        channel: 'sms',
        recipient: user.phone,
        ...delivery,
      });
  }
}
