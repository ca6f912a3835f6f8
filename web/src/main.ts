import 'element-plus/es/components/base/style/css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import './styles/tokens.css';
import './styles/element.css';
import './styles/base.css';
import './styles/print.css';
import { ID_INJECTION_KEY } from 'element-plus';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import * as z from 'zod';
import { apiKey, makeApiClient } from './api/client.ts';
import App from './app.vue';
import { makeI18n } from './i18n/index.ts';
import { makeRouter } from './router/index.ts';
import { usePreferences } from './stores/preferences.ts';

// The page's policy forbids compiled code; without this the library tries once and is reported.
z.config({ jitless: true });

const app = createApp(App);
// Names the element that app.vue holds ready for everything that pops up.
app.provide(ID_INJECTION_KEY, { prefix: 1, current: 0 });
app.provide(apiKey, makeApiClient(location.origin));
app.use(createPinia());
app.use(makeI18n(usePreferences().language));
app.use(makeRouter());
app.mount('#app');
