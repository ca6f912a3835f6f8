import type { Role } from '@qej/contract';
import type { Component } from 'vue';
import type { MessageKey } from '../i18n/index.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Title of page and browser tab. */
    title: MessageKey;
    /** Anybody logged in. */
    login?: true;
    /** Only these roles; implies `login`. Others see why. */
    roles?: readonly Role[];
    /** Asks for the one-time code first. */
    secondFactor?: true;
    /** Listed in the left navigation, for whom the route is; smaller orders stand higher. */
    nav?: { readonly icon: Component; readonly order: number; readonly label?: MessageKey };
    /** A page below `/tenders/:tenderId` that shows no timeline and no tender head. */
    bare?: true;
  }
}
