/** Writes docs/routes.md: who may call what, one row a route. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { api, intakeApi, roles } from '../src/index.ts';
import type { RouteDefinition } from '../src/index.ts';

const marks = ({ access }: RouteDefinition): readonly string[] =>
  roles.map((role) => {
    if (access.kind === 'public') return 'all';
    if (access.kind === 'session') return 'yes';
    if (access.kind === 'signed') return access.by;
    return (access.roles as readonly string[]).includes(role) ? 'yes' : '–';
  });
const scopeOf = ({ access }: RouteDefinition): string =>
  access.kind === 'roles'
    ? [access.scope ?? '', access.secondFactor === true ? '2nd factor' : ''].filter((word) => word !== '').join(', ')
    : access.kind;
const row = ([name, route]: [string, RouteDefinition]): string =>
  `| ${name} | ${route.method} ${route.path} | ${scopeOf(route)} | ${marks(route).join(' | ')} |`;
const table = (routes: Readonly<Record<string, RouteDefinition>>): string[] => [
  `| route | path below /api | scope | ${roles.join(' | ')} |`,
  `|---|---|---|${roles.map(() => '---').join('|')}|`,
  ...Object.entries(routes).map(row),
];
const text = [
  '# Role × route 角色与接口',
  '',
  'Generated from the contract by packages/contract/scripts/write-routes.ts; a test walks every cell that is refused.',
  '`all`: without log-in; `holder`, `guarantor`: the message itself is signed; –: refused.',
  '',
  ...table(api),
  '',
  '## Intake (its own origin: no accounts at all)',
  '',
  ...table(intakeApi),
  '',
].join('\n');
writeFileSync(fileURLToPath(new URL('../../../docs/routes.md', import.meta.url)), text);
