// Directions and owners: HOUSE-RULES in docs/adr/0004. Read by scripts/boundaries.ts, proven red by its test.

/** Which of our packages each package may import, beside itself. Nothing points up; domain packages never see one another. */
const domain = [
  'tendering',
  'evaluation',
  'deposits',
  'guarantees',
  'identity',
  'rooms',
  'sealed-bid',
  'evidence',
  'pki',
];
const onlyKernel = Object.fromEntries(domain.map((name) => [name, ['kernel']]));
const allowed = {
  kernel: [],
  ...onlyKernel,
  trust: ['kernel', 'pki'],
  documents: ['kernel'],
  contract: ['kernel', ...domain],
  verifier: ['kernel', 'documents', ...domain],
  client: ['kernel', 'contract', ...domain],
  // ADR 0022: rendering happens in use cases, outside transactions.
  usecases: ['kernel', 'contract', 'documents', ...domain],
  persistence: ['kernel', 'usecases', ...domain],
  banking: ['kernel', 'contract', 'guarantees', 'pki', 'usecases'],
  testkit: ['kernel', 'pki', 'trust'],
};
/** Run in the browser as they are: no `node:` import. */
const isomorphic = ['kernel', 'contract', ...domain];
// `client` is isomorphic but for its `src/node`, which no page may import (rule below).
const forTheBrowser = [...isomorphic, 'client'];
const services = ['api', 'bank', 'holder', 'intake', 'media', 'platform', 'witness', 'worker'];
/** The platform composes the others in one process. */
const composer = 'platform';

/** Tests, and what only they use: `test-….ts` and `testing/`. */
const test = '([.]test|/test-[^/]+|/testing/[^/]+|^services/[^/]+/test/.+)[.]ts$';

/** Library → where it may be imported. */
const owners = {
  'pkijs|asn1js': '^packages/pki/',
  'node-forge': '^packages/(trust|pki)/',
  'pdf-lib|@pdf-lib/[^/]+|@cantoo/[^/]+|subset-font|@signpdf/[^/]+': '^packages/documents/',
  '@mikro-orm/[^/]+|kysely|mysql2': '^packages/persistence/',
  'better-sqlite3': '^(packages/persistence|services/(bank|platform))/',
  mediasoup: '^services/media/',
  'mediasoup-client': '^web/|^services/media/',
  'koa|koa-[^/]+|@koa/[^/]+': '^(services|bench)/',
  fastify: '^bench/',
  'playwright-core|axe-core': `^e2e/|${test}`,
  'vue|vue-[^/]+|element-plus|@element-plus/[^/]+|pinia|echarts|pdfjs-dist': '^web/',
};

const either = (names) => `(${names.join('|')})`;

const packageRules = Object.entries(allowed).map(([name, targets]) => ({
  name: `direction-${name}`,
  comment: `${name} may import ${targets.length === 0 ? 'nothing of ours' : targets.join(', ')}`,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: test },
  to: { path: '^(packages|services|web|e2e|bench|scripts)/', pathNot: `^packages/${either([name, ...targets])}/` },
}));

// Tests may use what stands lower or beside (every domain's error codes, testkit), never a service or a page.
const testRules = [
  {
    name: 'direction-tests-of-packages',
    severity: 'error',
    from: { path: `^packages/.*${test}` },
    // The witness is a peer over HTTP, started for real in tests.
    to: { path: '^(services|web|e2e|bench|scripts)/', pathNot: '^services/witness/' },
  },
];

const serviceRules = services
  .filter((name) => name !== composer)
  .map((name) => ({
    name: `direction-${name}`,
    severity: 'error',
    from: { path: `^services/${name}/`, pathNot: test },
    // The intake mounts its routes with the api's mount.
    to: {
      path: '^(services|web|e2e|bench|scripts|packages/testkit)/',
      pathNot: name === 'intake' ? '^services/(intake|api)/' : `^services/${name}/`,
    },
  }));

const ownerRules = Object.entries(owners).map(([libraries, where]) => ({
  name: `owner-of-${libraries.split('|')[0]}`,
  severity: 'error',
  from: { path: '^(packages|services|web|e2e|bench|scripts)/', pathNot: where },
  to: { path: `(^|/)node_modules/(${libraries})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...packageRules,
    ...testRules,
    ...serviceRules,
    {
      name: 'direction-platform',
      severity: 'error',
      from: { path: '^services/platform/', pathNot: test },
      to: { path: '^(web|e2e|bench|scripts|packages/testkit)/' },
    },
    {
      name: 'direction-web',
      severity: 'error',
      from: { path: '^web/', pathNot: test },
      to: { path: '^(packages|services|e2e|bench|scripts)/', pathNot: `^packages/${either(forTheBrowser)}/` },
    },
    ...ownerRules,
    {
      name: 'isomorphic',
      comment: 'runs in the browser too',
      severity: 'error',
      // `src/node.ts` and `src/node/` are an export of their own (`@qej/…/node`) for services and shells.
      from: { path: `^packages/${either(isomorphic)}/src/`, pathNot: [test, '/src/node([.]ts$|/)'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'by-the-front-door',
      comment: 'another package is imported by its name, never by a path into it',
      severity: 'error',
      from: { path: '^(packages|services|web|e2e|bench)/([^/]+)/', pathNot: test },
      to: { path: '^packages/', dependencyTypes: ['local'], pathNot: '^(packages)/$2/' },
    },
    {
      name: 'no-node-part-in-the-browser',
      severity: 'error',
      from: {
        path: '^(web/|packages/[^/]+/src/)',
        pathNot: [test, '/src/node([.]ts$|/)', `^packages/(?!${either(isomorphic)}/)`],
      },
      to: { path: `^packages/${either(isomorphic)}/src/node([.]ts$|/)` },
    },
    {
      name: 'no-circles',
      comment: 'types may mention one another, code may not',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'what only vite resolves is left to vite',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/style/css$|[.]css$|[?](url|raw|worker|inline)$' },
    },
    {
      name: 'no-tests-from-source',
      severity: 'error',
      from: { path: '^(packages|services|web)/', pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
