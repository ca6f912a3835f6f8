import type { Clock } from '@qej/kernel';
import { createServer } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bank, BankLog } from './bank.ts';
import { createBankApp } from './bank-app.ts';
import { openBankDatabase } from './bank-database.ts';
import { openBankKeys } from './bank-keys.ts';
import type { ClerkCredentials } from './bank-keys.ts';
import { openBankTrust } from './bank-trust.ts';
import type { BankConfig } from './config.ts';
import type { DeliveryFaults } from './deliver-events.ts';
import { startEngine } from './engine.ts';

export interface BankDeps {
  readonly clock: Clock;
  readonly log: BankLog;
  /** Tests make deliveries late, double, out of order or badly signed. */
  readonly faults?: DeliveryFaults;
}

export interface RunningBank {
  readonly url: string;
  readonly guarantorId: string;
  /** A demo credential; the composition root prints it. */
  readonly clerk: ClerkCredentials;
  close(): Promise<void>;
}

/** Opens books and keys, listens on 127.0.0.1 and starts working. Closing twice does no harm. */
export async function startBank(config: BankConfig, { clock, log, faults }: BankDeps): Promise<RunningBank> {
  await mkdir(config.directory, { recursive: true, mode: 0o700 });
  const keys = await openBankKeys(config.directory);
  const { organization, uscc } = keys.seal.certificate.subject;
  if (organization === undefined || uscc === undefined) throw new Error('the bank seal names no organisation');
  const db = openBankDatabase(join(config.directory, 'bank.db'));
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const url = `http://localhost:${address.port}`;
  let wake = (): void => undefined;
  const bank: Bank = {
    db,
    keys,
    trust: openBankTrust(config.trustDirectory),
    clock,
    log,
    platform: config.platform,
    url,
    isAutomatic: config.isAutomatic,
    party: { name: organization, uscc },
    guarantorId: uscc,
    wake: () => wake(),
  };
  const handle = createBankApp(bank).callback();
  server.on('request', (request, response) => void handle(request, response));
  const engine = startEngine(bank, faults);
  wake = engine.wake;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await engine.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    db.close();
  };
  return { url, guarantorId: uscc, clerk: keys.clerk, close: () => (closing ??= close()) };
}
