import { View } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const supervisorRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/supervision',
    name: 'supervision',
    component: () => import('../pages/supervisor/supervision-page.vue'),
    meta: { title: 'supervisor.title', roles: ['supervisor'], nav: { icon: View, order: 10 } },
  },
  {
    path: '/tenders/:tenderId/supervision',
    name: 'tender-supervision',
    component: () => import('../pages/supervisor/tender-supervision-page.vue'),
    meta: { title: 'supervisor.tenderTitle', roles: ['supervisor'] },
  },
];
