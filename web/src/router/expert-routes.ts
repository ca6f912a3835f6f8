import { Bell } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const expertRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/my-calls',
    name: 'my-calls',
    component: () => import('../pages/expert/calls-page.vue'),
    meta: { title: 'expert.callsTitle', roles: ['expert'], nav: { icon: Bell, order: 5 } },
  },
  {
    path: '/tenders/:tenderId/room',
    name: 'expert-committee',
    component: () => import('../pages/expert/committee-page.vue'),
    meta: { title: 'expert.committeeTitle', roles: ['expert'] },
  },
  {
    path: '/tenders/:tenderId/workbench',
    name: 'workbench',
    component: () => import('../pages/expert/workbench-page.vue'),
    meta: { title: 'expert.workbench', roles: ['expert'] },
  },
];
