import type { RouteRecordRaw } from 'vue-router';

export const hallRoutes: readonly RouteRecordRaw[] = [];
