/** The pairing page's own look. */

export const pairingStyles = `
.steps { list-style: none; display: grid; gap: 0.75rem; position: sticky; top: 2rem; }
.steps li { display: flex; gap: 0.65rem; align-items: flex-start; color: var(--vscode-descriptionForeground); }
.steps li.current, .steps li.failed { color: var(--vscode-foreground); font-weight: 600; }
.mark { flex: none; margin-top: 0.2em; fill: none; stroke: currentColor; stroke-width: 1.2; stroke-linecap: round; stroke-linejoin: round; }
.steps .coming .mark { opacity: 0.55; }
.steps .done .mark { stroke: var(--vscode-testing-iconPassed, var(--vscode-foreground)); }
.steps .failed .mark { stroke: var(--vscode-errorForeground); }
.steps .current .mark { stroke: var(--vscode-textLink-foreground); }
.steps .current .dot { fill: var(--vscode-textLink-foreground); stroke: none; }

main[data-state='waiting'] .code output, main[data-state='exchanging'] .code output { font-size: 1.25em; }
main[data-state='waiting'] .code, main[data-state='exchanging'] .code { padding: 0.6rem 0.9rem; }

.combobox { position: relative; }
.combobox input { font-family: var(--vscode-editor-font-family, monospace); font-size: 1.15em; }
.combobox ul {
    position: absolute; z-index: 1; left: 0; right: 0; top: calc(100% + 2px); list-style: none; padding: 0.25rem; border-radius: 4px;
    background: var(--vscode-editorSuggestWidget-background, var(--vscode-dropdown-background));
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorSuggestWidget-border, var(--vscode-dropdown-border, transparent)));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    font-family: var(--vscode-editor-font-family, monospace);
}
.combobox ul[hidden] { display: none; }
.combobox li { max-width: none; padding: 0.3em 0.6em; border-radius: 3px; cursor: pointer; color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); }
.combobox li:hover { background: var(--vscode-list-hoverBackground); }
.combobox li[aria-selected='true'] {
    color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground));
    background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground));
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px;
}

.advice { list-style: none; display: grid; gap: 1.1rem; }
.advice li { display: grid; gap: 0.35rem; padding-left: 0.95rem; border-left: 3px solid var(--vscode-textLink-foreground); }
.advice li.warning { border-left-color: var(--vscode-editorWarning-foreground, currentColor); }
.advice li.danger { border-left-color: var(--vscode-errorForeground); }
.advice p { overflow-wrap: anywhere; }
.advice button { justify-self: start; margin-top: 0.2rem; }

#code-form { display: grid; gap: 0.45rem; }
.check { display: flex; gap: 0.7em; align-items: flex-start; cursor: pointer; padding: 0.2rem 0; }
#consent-missing:empty { display: none; }

@media (max-width: 46rem) {
    .steps { position: static; gap: 0; }
    /* Only the step that counts is shown; the others stay for those who are read to. */
    .steps li:not(.current, .failed) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
}
`;
