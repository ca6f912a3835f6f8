import process from 'node:process';

/** Command, Chinese, English. */
const commands = [
  [
    'up',
    '启动平台(默认 http://127.0.0.1;--host 域名 则用 HTTPS)',
    'start everything in one process; --host NAME serves HTTPS',
  ],
  [
    'demo',
    '以独立客户端走完一个项目:招标公告到中标归档',
    'play one whole tender through the public API and leave its archive',
  ],
  [
    'test',
    '持续集成所跑的全部测试;--full [部分] 为重型验证',
    'all that CI runs; --full [part] the heavy counts; --only step; --list',
  ],
  [
    'bench',
    '性能比值(同机同轮交错测量);--json 每行一条',
    'ratios against peers and limits, interleaved; [job…] --json',
  ],
  ['seal', '在命令行加密封装投标文件', 'seal a bid from the command line'],
  ['archive', '把一个项目归档为单个 .qej 文件', 'write one tender as a single .qej file'],
  ['verify', '离线核验归档、回执或保函', 'check an archive, receipt or certificate offline'],
  ['holder', '开标密钥持有人进程', 'run a holder of opening keys'],
  ['witness', '日志见证进程', 'run a log witness'],
  ['doctor', '启动不了?逐项检查并给出办法', 'why does it not start: checks, each with its mend'],
  ['exec', '用本仓库自带的 Node 与 pnpm 运行命令', 'run a command with the checkout’s own Node and pnpm'],
  ['help', '本页', 'this page'],
] as const;

const lines = commands.map(([name, zh, en]) => `  ./qej ${name.padEnd(8)} ${zh}\n  ${''.padEnd(14)} ${en}`);
process.stdout.write(`青e见 · QingEJian — 线上招标投标平台 · a platform for tenders, from notice to award

用法 usage: ./qej COMMAND [OPTION…]      细节 details: ./qej COMMAND --help

${lines.join('\n')}

退出码 exit codes: 0 完成 done · 1 失败 failed · 2 尚未完成的部分或用法有误 not built yet, or wrong usage · 3 缺少系统软件包 Debian packages are missing
`);
