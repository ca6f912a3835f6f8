import type { RouteRecordRaw } from 'vue-router';

export const expertRoutes: readonly RouteRecordRaw[] = [];
