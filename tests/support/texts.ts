import path from 'node:path';
import { createIntl, type MessageFormatElement } from 'react-intl';
import ts from 'typescript';

const ROOT = path.resolve(__dirname, '../..');
const PREFIX = 'mailboxes.';

/** A program over these files, with the options of the repository. */
export const programOf = (files: readonly string[]): ts.Program => {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.convertCompilerOptionsFromJson((config as { compilerOptions: object }).compilerOptions, ROOT);
  return ts.createProgram({ rootNames: [...files], options: { ...options, types: [] } });
};

const literalsOf = (type: ts.Type): string[] | null => {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => part.isStringLiteral())
    ? parts.map((part) => (part as ts.StringLiteralType).value)
    : null;
};

/** The members of an exported union of strings. */
export const membersOf = (program: ts.Program, file: string, name: string): string[] => {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.join(ROOT, file));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name);
  const members = symbol && literalsOf(checker.getDeclaredTypeOfSymbol(symbol));
  if (!members) throw new Error(`${name} in ${file} is no union of strings.`);
  return members;
};

export interface TextUse {
  /** `'submission.*'` where the rest depends on values of the server. */
  key: string;
  /** Names of the passed values; null where they cannot be determined. */
  values: readonly string[] | null;
  where: string;
}

/**
 * Every use of a text in a folder: expressions whose contextual type is that of the keys, with unions and templates
 * expanded, and ids for Strapi that begin with the plugin's id.
 */
export const usesOfTexts = (program: ts.Program, folder: string, keys: ReadonlySet<string>): TextUse[] => {
  const checker = program.getTypeChecker();
  const uses: TextUse[] = [];

  /** Whether the type is the union of all keys, so that a caller chooses the key; code for certain keys narrows it. */
  const isAnyKey = (type: ts.Type | undefined): boolean => {
    if (!type?.isUnion()) return false;
    const literals = new Set(type.types.flatMap((part) => (part.isStringLiteral() ? [part.value] : [])));
    return [...keys].filter((key) => literals.has(key)).length > keys.size / 2;
  };

  /** Possible values of an expression; `*` for an undeterminable part; null where a caller chooses the key. */
  const spell = (node: ts.Expression): string[] | null => {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node))
      return node.templateSpans.reduce<string[] | null>(
        (before, { expression, literal }) => {
          const type = checker.getTypeAtLocation(expression);
          if (before === null || isAnyKey(type)) return null;
          const middle = literalsOf(type) ?? ['*'];
          return before.flatMap((start) => middle.map((text) => `${start}${text}${literal.text}`));
        },
        [node.head.text]
      );
    const type = checker.getTypeAtLocation(node);
    return isAnyKey(type) ? null : literalsOf(type);
  };

  /** Names of the values in `t(key, values)`. */
  const valuesAt = (node: ts.Expression): string[] | null => {
    let call: ts.Node = node;
    while (ts.isConditionalExpression(call.parent) || ts.isAsExpression(call.parent)) call = call.parent;
    if (!ts.isCallExpression(call.parent) || call.parent.arguments[0] !== call) return null;
    const values = call.parent.arguments[1];
    if (!values) return [];
    return checker
      .getTypeAtLocation(values)
      .getProperties()
      .map(({ name }) => name);
  };

  /** Whether the node is a property name: it has the type of its value, but uses no text. */
  const isName = (node: ts.Node): boolean =>
    (ts.isPropertyAssignment(node.parent) || ts.isPropertyAccessExpression(node.parent)) && node.parent.name === node;

  const visit = (node: ts.Node, source: ts.SourceFile): void => {
    const isMade = ts.isTemplateExpression(node);
    const isChosen = ts.isStringLiteralLike(node) || ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
    if ((isMade || isChosen) && !isName(node)) {
      const spelled = spell(node) ?? [];
      const ids = isMade ? spelled.filter((id) => id.startsWith(PREFIX) && id !== `${PREFIX}*`) : [];
      const asked = isAnyKey(checker.getContextualType(node)) ? spelled : ids.map((id) => id.slice(PREFIX.length));
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const where = `${path.relative(ROOT, source.fileName)}:${line + 1}`;
      for (const key of asked) uses.push({ key, values: valuesAt(node), where });
    }
    ts.forEachChild(node, (child) => visit(child, source));
  };

  for (const source of program.getSourceFiles())
    if (source.fileName.startsWith(`${folder}${path.sep}`) && /\.tsx?$/.test(source.fileName)) visit(source, source);
  return uses;
};

/** Type of a literal in react-intl's tree of a message; only the separate parser package exports its name. */
const LITERAL = 0;

const { formatters } = createIntl({ locale: 'en' });

/** Names of the values that a text requires, by ICU's grammar: also those inside of plurals and choices. */
export const argumentsOf = (text: string): string[] => {
  const names = new Set<string>();
  const visit = (elements: MessageFormatElement[]): void => {
    for (const element of elements) {
      // Plain text, and the number sign of a plural, have no name.
      if (Number(element.type) === LITERAL || !('value' in element)) continue;
      names.add(element.value);
      if ('children' in element) visit(element.children);
      if ('options' in element) Object.values(element.options).forEach(({ value }) => visit(value));
    }
  };
  visit(formatters.getMessageFormat(text, 'en').getAst());
  return [...names].sort();
};
