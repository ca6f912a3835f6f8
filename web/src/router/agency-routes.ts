import type { RouteRecordRaw } from 'vue-router';

export const agencyRoutes: readonly RouteRecordRaw[] = [];
