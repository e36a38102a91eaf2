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
 * Transformer: every use of a name that a cell declares at its top level, in whichever cell, becomes
 * `exports.name`, a property of the one object that all cells share: functions of earlier cells then see what
 * later ones assign and declare. Declarations stay as they are (functions and classes keep their names) and
 * are exported at once; after each, `__komalab_done` says how far the cell has come.
 * @param {any} ts
 * @param {any} types the type checker
 * @param {string} earlier the file that declares earlier cells' variables
 * @param {number} before characters that stand before the cell's text
 */
function shareNames(ts, types, earlier, before) {
  const { factory } = ts;
  const shared = (name) => factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name);
  const run = (expression) => factory.createExpressionStatement(expression);

  const isOwn = (declaration) =>
    ts.isClassLike(declaration) || ts.isEnumDeclaration(declaration) || ts.isModuleDeclaration(declaration);
  /** Whether a use stays with the declaration it stands in: a class, or a pattern's default value. */
  function isInside(node, declaration) {
    for (let at = node; at && !ts.isSourceFile(at); at = at.parent) {
      if (at === declaration) return true;
      if (ts.isFunctionLike(at) && !isOwn(declaration)) return false;
    }
    return false;
  }
  /** `var` in a block or the head of a loop stays a local. */
  const isStatement = (declaration) => {
    let at = declaration;
    while (ts.isBindingElement(at) || ts.isBindingPattern(at)) at = at.parent;
    const statement = at.parent.parent;
    return (
      !ts.isVariableDeclaration(at) ||
      (ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent))
    );
  };

  return (context) => (file) => {
    function isShared(symbol, node) {
      const declarations = symbol?.declarations ?? [];
      if (declarations.some((d) => d.getSourceFile().fileName === earlier)) return true;
      if (
        declarations.length === 0 ||
        file.locals?.get(symbol.escapedName)?.declarations?.[0] !== declarations[0]
      )
        return false;
      if (symbol.flags & ts.SymbolFlags.ConstEnum || !declarations.every(isStatement)) return false;
      return !declarations.some((d) => {
        let outer = d;
        while (ts.isBindingElement(outer) || ts.isBindingPattern(outer)) outer = outer.parent;
        return (isOwn(d) || ts.isVariableDeclaration(outer)) && isInside(node, outer);
      });
    }

    /** @type {(node: any) => any} */
    const visit = (node) => {
      if (ts.isExpressionWithTypeArguments(node) && ts.isHeritageClause(node.parent))
        return factory.updateExpressionWithTypeArguments(
          node,
          ts.visitNode(node.expression, visit),
          node.typeArguments,
        );
      if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      if (ts.isIdentifier(node)) {
        const { parent } = node;
        const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
        if (isMember || !ts.isExpressionNode(node) || !isShared(types.getSymbolAtLocation(node), node))
          return node;
        const use = ts.setTextRange(shared(node.text), node);
        ts.setEmitFlags(use, ts.EmitFlags.NoTrailingSourceMap);
        const isCalled =
          (ts.isCallExpression(parent) && parent.expression === node) ||
          (ts.isTaggedTemplateExpression(parent) && parent.tag === node);
        if (!isCalled) return use;
        const bare = factory.createComma(factory.createNumericLiteral(0), use); // without `this`
        const callee = ts.setTextRange(factory.createParenthesizedExpression(bare), node);
        return ts.setEmitFlags(callee, ts.EmitFlags.NoTrailingSourceMap);
      }
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        // tslab takes the name of the property for an earlier variable
        const property = ts.setTextRange(
          factory.createStringLiteral(node.propertyName.text),
          node.propertyName,
        );
        return factory.updateBindingElement(
          node,
          node.dotDotDotToken,
          property,
          ts.visitNode(node.name, visit),
          ts.visitNode(node.initializer, visit),
        );
      }
      if (
        ts.isShorthandPropertyAssignment(node) &&
        isShared(types.getShorthandAssignmentValueSymbol(node), node)
      ) {
        const initial = node.objectAssignmentInitializer;
        const variable = shared(node.name.text);
        const value = initial ? factory.createAssignment(variable, ts.visitNode(initial, visit)) : variable;
        return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
      }
      return ts.visitEachChild(node, visit, context);
    };

    /** One statement for each variable, so that each is exported before the next is computed. */
    function apart(statement) {
      const list = statement.declarationList;
      const isLet = list.flags & ts.NodeFlags.Let;
      return list.declarations.map((declaration) => {
        const { name, exclamationToken, type, initializer } = declaration;
        const value = initializer
          ? ts.visitNode(initializer, visit)
          : isLet
            ? factory.createVoidZero()
            : undefined;
        const one = factory.updateVariableDeclaration(
          declaration,
          ts.visitNode(name, visit),
          exclamationToken,
          type,
          value,
        );
        const made = factory.createVariableStatement(
          statement.modifiers,
          factory.createVariableDeclarationList([one], list.flags),
        );
        return ts.setTextRange(made, list.declarations.length > 1 ? declaration : statement);
      });
    }

    /** A function that is the value of a cell is not to be called as the kernel's variable for it is. */
    function visitStatement(statement) {
      const made = ts.visitNode(statement, visit);
      const isNameless =
        statement === last &&
        ts.isExpressionStatement(made) &&
        ts.isAnonymousFunctionDefinition(ts.skipOuterExpressions(made.expression));
      if (!isNameless) return made;
      const value = factory.createComma(factory.createNumericLiteral(0), made.expression);
      return factory.updateExpressionStatement(made, factory.createParenthesizedExpression(value));
    }

    const isAmbient = (statement) =>
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword);
    const functions = file.statements.filter((s) => ts.isFunctionDeclaration(s) && s.body && s.name);
    const hoisted = functions.map(({ name }) =>
      run(factory.createAssignment(shared(name.text), factory.createIdentifier(name.text))),
    );
    const last = file.statements.filter((s) => !ts.isExportDeclaration(s)).at(-1);
    const statements = file.statements.flatMap((statement) => {
      const isVariable = ts.isVariableStatement(statement);
      const made = isVariable && !isAmbient(statement) ? apart(statement) : [visitStatement(statement)];
      const declares =
        isVariable ||
        ts.isClassDeclaration(statement) ||
        ts.isEnumDeclaration(statement) ||
        ts.isImportDeclaration(statement);
      if (!declares || statement === last) return made;
      const end = factory.createNumericLiteral(statement.end - before);
      return [
        ...made,
        run(factory.createCallExpression(factory.createIdentifier("__komalab_done"), undefined, [end])),
      ];
    });
    const directives = file.statements.findIndex((s) => !ts.isPrologueDirective(s));
    statements.splice(Math.max(0, directives), 0, ...hoisted);
    return factory.updateSourceFile(
      file,
      ts.setTextRange(factory.createNodeArray(statements), file.statements),
    );
  };
}

/**
 * Transformer of a cell's CommonJS: nothing is set to undefined before it is declared, and an imported name
 * is a property that a later cell may declare anew (`__komalab_import`).
 */
function keepNames(ts) {
  const { factory } = ts;
  const isVoid = (node) => (ts.isBinaryExpression(node) ? isVoid(node.right) : ts.isVoidExpression(node));
  return () => (file) => {
    const statements = file.statements.flatMap((statement) => {
      const node = ts.isExpressionStatement(statement) ? statement.expression : undefined;
      if (!node || node.pos >= 0) return [statement]; // what the user has written has a position
      if (ts.isBinaryExpression(node) && isVoid(node)) return [];
      const isDefinition =
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === "defineProperty";
      if (!isDefinition) return [statement];
      if (node.arguments[1].text === "__esModule") return [];
      return [
        factory.createExpressionStatement(
          factory.createCallExpression(
            factory.createIdentifier("__komalab_import"),
            undefined,
            node.arguments,
          ),
        ),
      ];
    });
    return factory.updateSourceFile(file, statements);
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

module.exports = { guardAwaits, keepNames, rewriteCell, shareNames };
