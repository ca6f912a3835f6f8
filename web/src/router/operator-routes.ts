import { Avatar, FirstAidKit, OfficeBuilding, Promotion } from '@element-plus/icons-vue';
import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { MessageKey } from '../i18n/index.ts';

const forOperator = (title: MessageKey, icon: Component, order: number) => ({
  title,
  roles: ['operator'] as const,
  secondFactor: true as const,
  nav: { icon, order },
});

export const operatorRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/operator',
    name: 'operator',
    component: () => import('../pages/operator/health-page.vue'),
    meta: forOperator('operator.healthTitle', FirstAidKit, 1),
  },
  {
    path: '/operator/outbox',
    name: 'operator-outbox',
    component: () => import('../pages/operator/outbox-page.vue'),
    meta: forOperator('operator.outboxTitle', Promotion, 2),
  },
  {
    path: '/operator/organizations',
    name: 'operator-organizations',
    component: () => import('../pages/operator/organizations-page.vue'),
    meta: forOperator('operator.organizationsTitle', OfficeBuilding, 3),
  },
  {
    path: '/operator/experts',
    name: 'operator-experts',
    component: () => import('../pages/operator/experts-page.vue'),
    meta: forOperator('operator.expertsTitle', Avatar, 4),
  },
];
