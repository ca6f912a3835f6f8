import type { RouteRecordRaw } from 'vue-router';

export const resultRoutes: readonly RouteRecordRaw[] = [];
