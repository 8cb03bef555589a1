/** Stands in for the editor where only its words are wanted: `vscode.l10n.t` in English. */
import Module from 'node:module';

const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;

const l10n = {
    t: (message: string, ...values: (string | number)[]): string => message.replace(/\{(\d+)\}/gu, (place, index: string) => String(values[Number(index)] ?? place)),
};

loader._load = (request, ...rest) => (request === 'vscode' ? { l10n } : load.call(Module, request, ...rest));
