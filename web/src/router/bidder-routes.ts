import type { RouteRecordRaw } from 'vue-router';

export const bidderRoutes: readonly RouteRecordRaw[] = [];
