import { api, makeClient } from '@qej/contract';
import type { Client, PlatformApi } from '@qej/contract';
import { inject } from 'vue';
import type { InjectionKey } from 'vue';

export type ApiClient = Client<PlatformApi>;
export const apiKey: InjectionKey<ApiClient> = Symbol('api');

export const makeApiClient = (origin: string): ApiClient => makeClient(api, { origin });

/** The typed client: one function per route of the contract; refusals are `ApiError`. */
export function useApi(): ApiClient {
  const client = inject(apiKey);
  if (client === undefined) throw new Error('no API client is provided');
  return client;
}
