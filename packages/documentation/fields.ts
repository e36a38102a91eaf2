/** The fields of a type, each in one line: inherited ones too, their types in short. */
import ts from "typescript";

export interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  /** In short: literals are listed, objects without a name show the names of their fields. */
  readonly type: string;
  readonly words: string;
  /** The types in it that a page explains: objects, and unions of many literals. */
  readonly names: readonly string[];
}

const inOneLine = (text: string) => text.replace(/\s+/g, " ").trim();

const isOwn = (symbol: ts.Symbol | undefined) =>
  symbol?.declarations?.some((one) => !one.getSourceFile().fileName.includes("/node_modules/")) ?? false;

const isObject = (type: ts.Type) =>
  (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 &&
  type.getCallSignatures().length === 0;

/** Literals that are too many to be listed at each field. */
const isLong = (type: ts.Type) => isOwn(type.aliasSymbol) && type.isUnion() && type.types.length > 6;

const elementOf = (checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined =>
  checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;

/** Own types with a name, of which one is or, as in Partial, is made; of lists those of literals alone. */
function namedTypes(checker: ts.TypeChecker, type: ts.Type): ts.Symbol[] {
  const symbol = type.aliasSymbol ?? type.symbol,
    element = elementOf(checker, type);
  if (symbol && isOwn(symbol) && symbol.name !== "__type" && (isObject(type) || isLong(type)))
    return [symbol];
  const inside =
    element && isLong(element) ? [element] : (type.aliasTypeArguments ?? (type.isUnion() ? type.types : []));
  return [...new Set(inside.flatMap((one) => namedTypes(checker, one)))];
}

/** A type as TypeScript writes it, without readonly and undefined. */
export function short(checker: ts.TypeChecker, type: ts.Type, listsAll = false): string {
  const inside = elementOf(checker, type);
  if (inside) {
    const element = short(checker, inside);
    return /[|&=]/.test(element) ? `(${element})[]` : `${element}[]`;
  }
  if (type.isUnion() && !(type.flags & ts.TypeFlags.Boolean) && (listsAll || !isLong(type)))
    return type.types
      .filter(({ flags }) => !(flags & ts.TypeFlags.Undefined))
      .map((one) => short(checker, one))
      .join(" | ");
  if (!type.aliasSymbol && isObject(type) && (!type.symbol || type.symbol.name === "__type"))
    return `{ ${checker
      .getPropertiesOfType(type)
      .map(({ name, flags }) => (flags & ts.SymbolFlags.Optional ? `${name}?` : name))
      .join(", ")} }`;
  return checker
    .typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
    .replace(/\breadonly /g, "")
    .replace(/^Readonly<(.*)>$/, "$1")
    .replace(/`/g, '"'); // of a template, which would end the code of a page
}

/** None of what is no object with fields of its own, such as a Record. */
export function fieldsOf(checker: ts.TypeChecker, type: ts.Type): Field[] {
  if (!isObject(type) || checker.isArrayType(type)) return [];
  return checker
    .getPropertiesOfType(type)
    .filter((one) => !one.declarations || isOwn(one)) // those of a mapped type have none
    .map((property) => {
      const own = checker.getNonNullableType(checker.getTypeOfSymbol(property));
      return {
        name: property.name,
        isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
        type: short(checker, own),
        words: inOneLine(ts.displayPartsToString(property.getDocumentationComment(checker))),
        names: namedTypes(checker, own).map(({ name }) => name),
      };
    });
}

/** The type of a parameter by its name and its fields, if it is our own, also without some. */
export function optionsOf(checker: ts.TypeChecker, { type: node }: ts.ParameterDeclaration) {
  if (!node) return undefined;
  const type = checker.getTypeFromTypeNode(node);
  const whole = type.aliasSymbol?.name === "Omit" ? type.aliasTypeArguments![0] : type;
  const [symbol] = namedTypes(checker, whole);
  if (!symbol || !isObject(whole) || whole.aliasTypeArguments) return undefined;
  const taken = checker.getPropertiesOfType(type).map(({ name }) => name);
  const all = fieldsOf(checker, whole);
  return {
    type: symbol.name,
    without: all.map(({ name }) => name).filter((name) => !taken.includes(name)),
    fields: all.filter(({ name }) => taken.includes(name)),
  };
}

/** The types that a parameter's fields name. */
export const namedIn = (checker: ts.TypeChecker, { type }: ts.ParameterDeclaration): ts.Symbol[] =>
  type
    ? checker
        .getPropertiesOfType(checker.getTypeFromTypeNode(type))
        .flatMap((one) => namedTypes(checker, checker.getNonNullableType(checker.getTypeOfSymbol(one))))
    : [];
