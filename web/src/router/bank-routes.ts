import { Files } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const bankRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/bank',
    name: 'bank',
    component: () => import('../pages/bank/bank-desk-page.vue'),
    meta: { title: 'bank.title', roles: ['guarantor'], secondFactor: true, nav: { icon: Files, order: 1 } },
  },
];
