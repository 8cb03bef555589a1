/** The look of what only this page has: the address and its picture, the words, the peers. */

export const accessStyles = `
textarea {
    font-family: var(--vscode-editor-font-family, monospace); font-size: 1em; line-height: 1.4; width: 100%; padding: 0.45em 0.65em; resize: vertical;
    color: var(--vscode-input-foreground); background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px;
}
textarea:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
textarea[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder); }
button:disabled { opacity: 0.6; cursor: default; }
.found span { overflow-wrap: anywhere; min-width: 0; }
.found:empty, .found:has(> span:empty) { visibility: hidden; }
.code.address { flex-wrap: nowrap; align-items: flex-start; }
.code.address output { font-size: 1em; font-weight: 400; line-height: 1.5; word-break: break-all; min-width: 0; }
.code.address button { flex: none; }
.code.words output { display: flex; flex-wrap: wrap; gap: 0.3em 0.9em; font-size: clamp(1.35em, 4vw, 1.8em); }
.qr { width: min(20rem, 100%); height: auto; display: block; border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; }
.peers { list-style: none; display: grid; gap: 0.6rem; }
.peers li { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; align-items: center; max-width: none; }
.peers li > button:first-child { min-width: 8rem; }
.peers li > span { display: grid; min-width: 0; flex: 1 1 14rem; }
.onion { font-family: var(--vscode-editor-font-family, monospace); overflow-wrap: anywhere; }
.verified { font-weight: 600; }
.verified::before { content: '✓ ' / ''; color: var(--vscode-testing-iconPassed, currentColor); }
.ends { margin: 0; display: grid; gap: 0.1rem; font-size: 0.92em; }
.ends dt { font-weight: 600; margin-top: 0.5rem; }
.ends dd { margin: 0; font-family: var(--vscode-editor-font-family, monospace); overflow-wrap: anywhere; color: var(--vscode-descriptionForeground); }

@media (max-width: 46rem) {
    .code.address { flex-wrap: wrap; }
}
`;
