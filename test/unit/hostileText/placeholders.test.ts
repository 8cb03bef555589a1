/**
 * What stands in the place of `{0}` in a text for people: a number, a text of our own, or text that has passed `inert`. Read
 * from the code by the compiler's own eyes, so that a new message can't forget it.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../rig/paths';

/** Give back text that is safe to show, whatever they are given. */
const cleaning = new Set(['inert', 'inertForNotification', 'formatTorAddress', 'toLocaleDateString', 'toLocaleTimeString', 'toLocaleString']);

/** Values that are strings, and safe for a reason that the code doesn't show; each with that reason. */
const known: Readonly<Record<string, string>> = {
    'entry.id.slice(0, 8)': 'the hexadecimal mark of a token, made here',
    'words.label': 'words of our own for a level of trust',
    'label': 'leafItem is called with words of our own',
    'description': 'leafItem is called with words, or with what has passed inert: the trees are tried with hostile text',
    'oid': 'checked to be hexadecimal before',
    'shown': 'a document that is opened to be read as it is',
    'path': 'the list that it stands in passes inert line by line',
};

function compile(): { readonly checker: ts.TypeChecker; readonly files: readonly ts.SourceFile[] } {
    const config = ts.getParsedCommandLineOfConfigFile(path.join(projectRoot(), 'tsconfig.json'), { noEmit: true, incremental: false }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: diagnostic => assert.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')) });
    const ui = path.join(projectRoot(), 'src', 'ui') + path.sep;
    const program = ts.createProgram({ rootNames: config?.fileNames.filter(name => name.startsWith(ui)) ?? [], options: { ...config?.options, noEmit: true } });
    return { checker: program.getTypeChecker(), files: program.getSourceFiles().filter(file => file.fileName.startsWith(ui)) };
}

class Judge {
    readonly #judged = new Map<ts.Node, boolean>();

    constructor(private readonly checker: ts.TypeChecker) {}

    isSafe(node: ts.Expression): boolean {
        const known_ = this.#judged.get(node);
        if (known_ !== undefined) {
            return known_;
        }
        // While it is looked at, for functions that call themselves.
        this.#judged.set(node, true);
        const safe = this.#look(node);
        this.#judged.set(node, safe);
        return safe;
    }

    #look(node: ts.Expression): boolean {
        if (this.#isPlain(this.checker.getTypeAtLocation(node)) || node.getText() in known) {
            return true;
        }
        if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isAwaitExpression(node) || ts.isSpreadElement(node)) {
            return this.isSafe(node.expression);
        }
        if (ts.isConditionalExpression(node)) {
            return this.isSafe(node.whenTrue) && this.isSafe(node.whenFalse);
        }
        if (ts.isBinaryExpression(node)) {
            return this.isSafe(node.left) && this.isSafe(node.right);
        }
        if (ts.isTemplateExpression(node)) {
            return node.templateSpans.every(({ expression }) => this.isSafe(expression));
        }
        if (ts.isArrayLiteralExpression(node)) {
            return node.elements.every(element => this.isSafe(element));
        }
        if (ts.isCallExpression(node)) {
            return this.#call(node);
        }
        if (ts.isElementAccessExpression(node)) {
            return this.isSafe(node.expression);
        }
        return ts.isIdentifier(node) && this.#declared(node);
    }

    /** Numbers, booleans, nothing, and texts that the code itself spells out. */
    #isPlain(type: ts.Type): boolean {
        if (type.isUnion()) {
            return type.types.every(part => this.#isPlain(part));
        }
        return (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.StringLiteral | ts.TypeFlags.Never | ts.TypeFlags.Void)) !== 0;
    }

    #call(node: ts.CallExpression): boolean {
        const callee = node.expression;
        const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
        if (cleaning.has(name)) {
            return true;
        }
        if (isTranslation(node) || name === 'fill') {
            // What is filled in is looked at where it stands.
            return name !== 'fill' || node.arguments.every(argument => this.isSafe(argument));
        }
        if (ts.isPropertyAccessExpression(callee)) {
            switch (name) {
                case 'format':
                    // Of a date or a number, as the system writes them.
                    return /^(?:DateTime|Number|RelativeTime)Format$/u.test(this.checker.getTypeAtLocation(callee.expression).symbol.name);
                case 'map':
                case 'flatMap':
                    return node.arguments.every(argument => this.#returns(argument));
                case 'join':
                case 'filter':
                case 'slice':
                case 'trim':
                case 'sort':
                    return this.isSafe(callee.expression);
            }
        }
        const declaration = this.checker.getResolvedSignature(node)?.declaration;
        return declaration !== undefined && /[\\/]src[\\/](?:ui|shared)[\\/]/u.test(declaration.getSourceFile().fileName) && this.#returns(declaration);
    }

    /** Whether all that a function gives back is safe, whatever it was called with. */
    #returns(node: ts.Node): boolean {
        if (ts.isIdentifier(node)) {
            const symbol = this.#symbol(node);
            return symbol?.valueDeclaration !== undefined && this.#returns(symbol.valueDeclaration);
        }
        if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
            return this.#returns(node.initializer);
        }
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) {
            return false;
        }
        const body = node.body;
        if (!ts.isBlock(body)) {
            return this.isSafe(body);
        }
        let safe = true;
        const visit = (inner: ts.Node): void => {
            if (ts.isReturnStatement(inner) && inner.expression !== undefined) {
                safe &&= this.isSafe(inner.expression);
            } else if (!ts.isFunctionLike(inner)) {
                inner.forEachChild(visit);
            }
        };
        body.forEachChild(visit);
        return safe;
    }

    #symbol(node: ts.Identifier): ts.Symbol | undefined {
        const symbol = this.checker.getSymbolAtLocation(node);
        return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? this.checker.getAliasedSymbol(symbol) : symbol;
    }

    #declared(node: ts.Identifier): boolean {
        const declaration = this.#symbol(node)?.valueDeclaration;
        if (declaration === undefined) {
            return false;
        }
        if (ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name) && declaration.initializer !== undefined && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0) {
            return this.isSafe(declaration.initializer);
        }
        // A parameter is as safe as what it is called with, in this file (nobody else calls a function that is not exported).
        if (ts.isParameter(declaration) && ts.isFunctionLike(declaration.parent)) {
            const calls = this.#callsOf(declaration.parent);
            const index = declaration.parent.parameters.indexOf(declaration);
            return calls !== undefined && calls.length > 0 && calls.every(call => {
                const argument = call.arguments[index];
                return argument === undefined ? true : this.isSafe(argument);
            });
        }
        return false;
    }

    #callsOf(declaration: ts.SignatureDeclaration): readonly ts.CallExpression[] | undefined {
        const exported = ts.canHaveModifiers(declaration) && ts.getModifiers(declaration)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
        const named = ts.isFunctionDeclaration(declaration) ? declaration.name : ts.isArrowFunction(declaration) && ts.isVariableDeclaration(declaration.parent) && ts.isIdentifier(declaration.parent.name) ? declaration.parent.name : undefined;
        if (exported || named === undefined) {
            return undefined;
        }
        const own = this.checker.getSymbolAtLocation(named);
        const calls: ts.CallExpression[] = [];
        const visit = (node: ts.Node): void => {
            if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && this.checker.getSymbolAtLocation(node.expression) === own) {
                calls.push(node);
            }
            node.forEachChild(visit);
        };
        visit(declaration.getSourceFile());
        return calls;
    }
}

function isTranslation(node: ts.CallExpression): boolean {
    return /^(?:vscode\.)?l10n\.t$/u.test(node.expression.getText());
}

describe('the values in texts for people', function () {
    this.timeout(120_000);

    it('are numbers, texts of our own, or have passed inert', () => {
        const { checker, files } = compile();
        const judge = new Judge(checker);
        const unsafe: string[] = [];
        let looked = 0;
        const visit = (node: ts.Node): void => {
            if (ts.isCallExpression(node) && isTranslation(node)) {
                for (const argument of node.arguments.slice(1)) {
                    looked++;
                    if (!judge.isSafe(argument)) {
                        const { line } = node.getSourceFile().getLineAndCharacterOfPosition(argument.getStart());
                        unsafe.push(`${path.relative(projectRoot(), node.getSourceFile().fileName)}:${line + 1}: ${argument.getText()}`);
                    }
                }
            }
            node.forEachChild(visit);
        };
        files.forEach(visit);
        assert.ok(looked > 50, `${looked} values were looked at`);
        assert.equal(unsafe.join('\n'), '', 'text that may be somebody else\'s: put inert(…) around it, or inertForNotification(…) in a notification');
    });
});
