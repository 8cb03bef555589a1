/**
 * The look that all pages share: VS Code's own colours and fonts, and nothing else.
 *
 * Styles are adopted as constructed sheets, so that the page's content security policy can forbid every style of a document.
 */

export function adoptStyles(...sheets: readonly string[]): void {
    document.adoptedStyleSheets = sheets.map(text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return sheet;
    });
}

export const baseStyles = `
:root { color-scheme: light dark; }
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; }
*, *::before, *::after { box-sizing: border-box; }
body {
    margin: 0; padding: 0;
    background: var(--vscode-editor-background);
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
    font-weight: var(--vscode-font-weight);
    line-height: 1.55;
}
h1, h2, h3, p, ul, ol { margin: 0; padding: 0; }
h1 { font-size: 1.7em; font-weight: 600; line-height: 1.25; text-wrap: balance; }
h2 { font-size: 1.15em; font-weight: 600; line-height: 1.35; }
h1:focus, h2:focus { outline: none; }
h1:focus-visible, h2:focus-visible { outline: none; }
.muted { color: var(--vscode-descriptionForeground); }
.hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0;
    overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
button {
    font: inherit; line-height: 1.4; padding: 0.4em 1.1em; cursor: pointer;
    color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground);
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px;
}
button:hover { background: var(--vscode-button-secondaryHoverBackground); }
button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
button.primary:hover { background: var(--vscode-button-hoverBackground); }
button.link {
    padding: 0.4em 0; color: var(--vscode-textLink-foreground); background: none; border-color: transparent; text-decoration: underline;
}
button.link:hover { color: var(--vscode-textLink-activeForeground); background: none; }
button:focus-visible, input:focus-visible, summary:focus-visible {
    outline: 2px solid var(--vscode-focusBorder); outline-offset: 2px;
}
input[type='text'] {
    font: inherit; width: 100%; padding: 0.45em 0.65em;
    color: var(--vscode-input-foreground); background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px;
}
input[type='text']:focus-visible { outline-offset: -1px; outline-width: 1px; }
input[type='text']::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder); }
input[type='checkbox'] { width: 1.25em; height: 1.25em; margin: 0.15em 0 0; flex: none; accent-color: var(--vscode-button-background); }
.vscode-high-contrast button:hover { outline: 1px dashed var(--vscode-contrastActiveBorder); outline-offset: 2px; }
.vscode-high-contrast button:focus-visible { outline: 2px solid var(--vscode-focusBorder); }
@media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
}
`;
