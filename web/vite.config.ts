import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const IMPORTS = /import\s*\{([^}]+)\}\s*from\s*['"]element-plus['"]/g;
const kebab = (name: string): string =>
  name
    .replace(/^El/, '')
    .replace(/(?<!^)([A-Z])/g, '-$1')
    .toLowerCase();

/** A component imported by name brings its own style sheet; everything else of Element Plus stays out of the build. */
const elementStyles = (): Plugin => ({
  name: 'qej-element-styles',
  transform(code, id) {
    if (id.includes('node_modules') || !code.includes('element-plus')) return undefined;
    const names = new Set<string>();
    for (const [, list = ''] of code.matchAll(IMPORTS)) {
      for (const part of list.split(',')) {
        const name = part.trim();
        if (/^El[A-Z]\w+$/.test(name) && !/^ElConfigProvider$|Props$|Instance$/.test(name)) names.add(kebab(name));
      }
    }
    if (names.size === 0) return undefined;
    const styles = [...names].map((name) => `import 'element-plus/es/components/${name}/style/css';`).join('');
    return { code: `${code}\n${styles}`, map: null };
  },
});

export default defineConfig({
  plugins: [vue(), elementStyles()],
  build: {
    target: 'es2024',
    modulePreload: { polyfill: false },
    // The keyring's policy has no `data:` and no inline style.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL('./index.html', import.meta.url)),
        keyring: fileURLToPath(new URL('./keyring.html', import.meta.url)),
      },
    },
  },
});
