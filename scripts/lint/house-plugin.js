// Lint rules of this house that oxlint does not bring (docs/adr/0004). Loaded by .oxlintrc.json.

const isIdentifier = (node, name) => node?.type === 'Identifier' && node.name === name;

/** The clock is injected: HOUSE-RULES 21. The one exception is kernel's systemClock. */
const clock = {
  create(context) {
    const refuse = (node, what) =>
      context.report({ node, message: `${what} reads the clock: take an Instant or a Clock (kernel) instead` });
    return {
      NewExpression(node) {
        if (isIdentifier(node.callee, 'Date') && node.arguments.length === 0) refuse(node, 'new Date()');
      },
      CallExpression(node) {
        const { callee } = node;
        if (isIdentifier(callee, 'Date')) refuse(node, 'Date()');
        if (callee.type !== 'MemberExpression' || !isIdentifier(callee.property, 'now')) return;
        if (isIdentifier(callee.object, 'Date')) refuse(node, 'Date.now()');
      },
    };
  },
};

/** index.ts lists names: HOUSE-RULES 12. */
const listedExports = {
  create(context) {
    return {
      ExportAllDeclaration(node) {
        context.report({ node, message: 'export * hides what a package offers: list the names' });
      },
    };
  },
};

/** SQL that gets slower with every row of the table: no OFFSET, no exact count(*). */
const growingSql = {
  create(context) {
    const look = (node, text) => {
      if (/\bselect\b[\s\S]*(\boffset\b\s+[?:$\d]|count\s*\(\s*\*\s*\))/i.test(text)) {
        context.report({ node, message: 'OFFSET and count(*) read the whole table: page by key, keep counters' });
      }
    };
    return {
      Literal(node) {
        if (typeof node.value === 'string') look(node, node.value);
      },
      TemplateElement(node) {
        look(node, node.value.raw);
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: { clock, 'listed-exports': listedExports, 'growing-sql': growingSql },
};
