// @ts-check
"use strict";
/**
 * What is changed in a cell's source and in its output, so that tslab's converter and an interrupt can handle
 * it.
 */

/**
 * The text that tslab compiles instead of a cell: `export` is blanked out (the kernel exports everything
 * itself) and a cell with a top-level await begins with a plain one, because tslab recognises only some
 * forms.
 * @returns {{text: string, shift: number}} shift: lines that stand before the user's first line
 */
function rewriteCell(ts, code) {
  const plain = /\bexport\b/.test(code) ? blankExports(ts, code) : code;
  return /\bawait\b/.test(plain) && hasTopLevelAwait(ts, plain)
    ? { text: `await null;\n${plain}`, shift: 1 }
    : { text: plain, shift: 0 };
}

/** A declaration's `export` as spaces, so that positions stay; `export default` is left to the compiler. */
function blankExports(ts, code) {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  let text = code;
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (modifiers.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)) continue;
    const found = modifiers.find((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (found) text = text.slice(0, found.getStart(file)) + " ".repeat(6) + text.slice(found.end);
  }
  return text;
}

/** Whether a cell awaits outside of its functions and classes. */
function hasTopLevelAwait(ts, code) {
  const file = ts.createSourceFile(
    "cell.ts",
    `async function cell() {\n${code}\n}`,
    ts.ScriptTarget.ES2022,
    true,
  );
  /** @type {(node: any) => boolean} */
  const visit = (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    return Boolean(ts.forEachChild(node, visit));
  };
  return file.statements.some((s) => Boolean(ts.forEachChild(s.body ?? s, visit)));
}

/**
 * Transformer: `{ df }` becomes `{ df: exports.df }` where df is a variable of an earlier cell, which tslab
 * overlooks; and the name of a property that is taken apart, `{ df: own }`, becomes a string, because tslab
 * takes it for that variable.
 * @param {any} ts
 * @param {any} types the type checker
 * @param {string} earlier the file that declares earlier cells' variables
 */
function expandShorthand(ts, types, earlier) {
  const isEarlier = (symbol) => symbol?.declarations?.some((d) => d.getSourceFile().fileName === earlier);
  return (context) => (file) => {
    /** @type {(node: any) => any} */
    const visit = (node) => {
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        const { factory } = ts,
          property = ts.setTextRange(factory.createStringLiteral(node.propertyName.text), node.propertyName);
        return factory.updateBindingElement(
          node,
          node.dotDotDotToken,
          property,
          ts.visitNode(node.name, visit),
          ts.visitNode(node.initializer, visit),
        );
      }
      if (
        !ts.isShorthandPropertyAssignment(node) ||
        !isEarlier(types.getShorthandAssignmentValueSymbol(node))
      ) {
        return ts.visitEachChild(node, visit, context);
      }
      const { factory } = ts;
      const variable = factory.createPropertyAccessExpression(
        factory.createIdentifier("exports"),
        node.name.text,
      );
      const initial = node.objectAssignmentInitializer;
      const value = initial ? factory.createAssignment(variable, ts.visitNode(initial, visit)) : variable;
      return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
    };
    return ts.visitNode(file, visit);
  };
}

/**
 * Transformer: every `await x` becomes `await __komalab_wait(x)` (interrupt.cjs), so that an interrupt can
 * end the wait.
 */
function guardAwaits(ts) {
  const { factory } = ts;
  const guarded = (name, value) =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, [value]);
  return (context) => (file) => {
    /** @type {(node: any) => any} */
    const visit = (node) => {
      const inner = ts.visitEachChild(node, visit, context);
      if (ts.isAwaitExpression(inner))
        return factory.updateAwaitExpression(inner, guarded("__komalab_wait", inner.expression));
      if (ts.isForOfStatement(inner) && inner.awaitModifier) {
        const items = guarded("__komalab_each", inner.expression);
        return factory.updateForOfStatement(
          inner,
          inner.awaitModifier,
          inner.initializer,
          items,
          inner.statement,
        );
      }
      return inner;
    };
    return ts.visitNode(file, visit);
  };
}

module.exports = { rewriteCell, expandShorthand, guardAwaits };
