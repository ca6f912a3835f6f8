import type { RouteRecordRaw } from 'vue-router';

export const supervisorRoutes: readonly RouteRecordRaw[] = [];
