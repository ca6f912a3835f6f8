import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityFromPkcs12, openSession } from '@qej/client';
import type { Identity, RetryPolicy, SessionClient } from '@qej/client';
import type { Role } from '@qej/contract';

/** One line of the platform's list of demo log-ins. */
export interface DemoLogin {
  readonly key: string;
  readonly name: string;
  readonly organization: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: string;
  /** Below the data directory. */
  readonly p12: string;
  readonly passphrase: string;
  readonly totp?: string;
}

export interface Person {
  readonly login: DemoLogin;
  readonly session: SessionClient;
}

/** The people of the demo world; each logs in once, when first needed. */
export interface People {
  readonly logins: readonly DemoLogin[];
  person(key: string): Promise<Person>;
}

async function readIdentity(data: string, login: DemoLogin): Promise<Identity> {
  const bytes = new Uint8Array(await readFile(join(data, login.p12)));
  return identityFromPkcs12(bytes, login.passphrase, {
    id: login.key,
    actAs: login.role as Role, // the platform wrote its own role names
    ...(login.totp === undefined ? {} : { totpSecret: login.totp }),
  });
}

export async function openPeople(origin: string, data: string, retry: RetryPolicy): Promise<People> {
  const logins = JSON.parse(await readFile(join(data, 'demo-logins.json'), 'utf8')) as DemoLogin[];
  const known = new Map<string, Promise<Person>>();
  const open = async (key: string): Promise<Person> => {
    const login = logins.find((one) => one.key === key);
    if (login === undefined) throw new Error(`the platform has no demo person ${key}`);
    return { login, session: await openSession({ origin, identity: await readIdentity(data, login), retry }) };
  };
  return {
    logins,
    person: (key) => {
      const person = known.get(key) ?? open(key);
      known.set(key, person);
      person.catch(() => known.delete(key));
      return person;
    },
  };
}
