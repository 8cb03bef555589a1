/** The extension that the tests are about, and what its manifest says, checked. */
import * as v from 'valibot';
import * as vscode from 'vscode';

const manifestSchema = v.object({
    contributes: v.object({
        commands: v.array(v.object({ command: v.string(), title: v.string(), category: v.optional(v.string()) })),
    }),
});

export const extensionId = 'annex-peers.annex-peers';

export function extensionUnderTest(): vscode.Extension<unknown> {
    const extension = vscode.extensions.getExtension<unknown>(extensionId);
    if (extension === undefined) {
        throw new Error(`${extensionId} is not in this window`);
    }
    return extension;
}

/** Commands as the editor sees them, titles translated. */
export function contributedCommands(): v.InferOutput<typeof manifestSchema>['contributes']['commands'] {
    return v.parse(manifestSchema, extensionUnderTest().packageJSON).contributes.commands;
}
