import { createRouter, createWebHistory } from 'vue-router';
import type { Router, RouteRecordRaw } from 'vue-router';
import { useSession } from '../stores/session.ts';
import { accountRoutes } from './account-routes.ts';
import { agencyRoutes } from './agency-routes.ts';
import { bankRoutes } from './bank-routes.ts';
import { bidderRoutes } from './bidder-routes.ts';
import { expertRoutes } from './expert-routes.ts';
import { hallRoutes } from './hall-routes.ts';
import './meta.ts';
import { operatorRoutes } from './operator-routes.ts';
import { publicRoutes } from './public-routes.ts';
import { resultRoutes } from './result-routes.ts';
import { supervisorRoutes } from './supervisor-routes.ts';

const routes: RouteRecordRaw[] = [
  ...publicRoutes,
  ...accountRoutes,
  ...agencyRoutes,
  ...bidderRoutes,
  ...hallRoutes,
  ...expertRoutes,
  ...resultRoutes,
  ...supervisorRoutes,
  ...bankRoutes,
  ...operatorRoutes,
  {
    path: '/:path(.*)*',
    name: 'not-found',
    component: () => import('../pages/public/not-found-page.vue'),
    meta: { title: 'common.notFound' },
  },
];

/**
 * Whoever is not logged in is sent to log-in and comes back. A wrong role is not sent away: the shell shows why
 * (`access-gate.vue`), and the page appears as soon as the person switches.
 */
export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(async (to) => {
    const session = useSession();
    await session.ready().catch(() => undefined); // unreachable: the page itself will say so
    const needsLogin = to.meta.login === true || to.meta.roles !== undefined;
    return needsLogin && !session.isLoggedIn ? { name: 'login', query: { next: to.fullPath } } : true;
  });
  return router;
}
