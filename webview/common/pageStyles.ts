/** The parts that all pages are made of: head, side, the choice of sections, sections, what was found out, outcomes, buttons, progress. */

export const pageStyles = `
.page {
    display: grid; grid-template-columns: minmax(11rem, 14rem) minmax(0, 36rem); grid-template-areas: 'head head' 'steps main';
    column-gap: 3rem; row-gap: 2rem; max-width: 58rem; margin: 0 auto; padding: 2.5rem 2rem 4rem;
}
header { grid-area: head; display: grid; gap: 0.15rem; }
nav { grid-area: steps; }
main { grid-area: main; }
.parts { display: grid; gap: 1.9rem; }
section { display: grid; gap: 0.55rem; }
p, li { max-width: 66ch; }
.small { font-size: 0.92em; }
ul.plain, ol.plain { padding-left: 1.4em; display: grid; gap: 0.25rem; }
.label { display: block; font-size: 1.15em; font-weight: 600; line-height: 1.35; margin-bottom: 0.1rem; }

.code {
    display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: center; justify-content: space-between;
    padding: 1.1rem 1.25rem; border-radius: 6px;
    background: var(--vscode-textBlockQuote-background, transparent);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-textBlockQuote-border, transparent)));
}
.code output {
    font-family: var(--vscode-editor-font-family, monospace); font-size: clamp(1.4em, 4.4vw, 2em); line-height: 1.25; font-weight: 600;
    user-select: all; -webkit-user-select: all; overflow-wrap: anywhere;
}
.code output span { white-space: nowrap; }

.found { min-height: 1.55em; display: flex; gap: 0.5em; }
.found::before { flex: none; width: 1.1em; text-align: center; font-weight: 700; }
.found.none::before { content: none; }
.found.hint { color: var(--vscode-descriptionForeground); }
.found.hint::before { content: none; }
.found.ok::before { content: '✓' / ''; color: var(--vscode-testing-iconPassed, currentColor); }
.found.warning::before { content: '!' / ''; color: var(--vscode-editorWarning-foreground, currentColor); }
.found.error::before { content: '×' / ''; color: var(--vscode-errorForeground); }

details summary { cursor: pointer; color: var(--vscode-textLink-foreground); width: fit-content; }
details[open] summary { margin-bottom: 0.6rem; }
details { display: block; }
details > * + * { margin-top: 0.55rem; }
pre {
    margin: 0; padding: 0.8rem 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 4px;
    font-family: var(--vscode-editor-font-family, monospace); font-size: 0.95em;
    background: var(--vscode-textCodeBlock-background, transparent); border: 1px solid var(--vscode-contrastBorder, transparent);
}
.notice {
    max-width: none; padding: 0.7rem 0.95rem; border-left: 3px solid var(--vscode-textLink-foreground);
    background: var(--vscode-textBlockQuote-background, transparent);
}
h3 { margin: 0; font-size: 1em; font-weight: 600; }
.outcome h2 { font-size: 1.35em; }
.outcome.good { border-left: 3px solid var(--vscode-testing-iconPassed, var(--vscode-foreground)); padding-left: 1.1rem; }
.outcome.bad { border-left: 3px solid var(--vscode-errorForeground); padding-left: 1.1rem; }

.sections { list-style: none; display: grid; gap: 0.2rem; position: sticky; top: 2rem; }
.choice { width: 100%; text-align: left; background: none; color: var(--vscode-foreground); border: 1px solid transparent; padding: 0.45em 0.8em; }
.choice:hover { background: var(--vscode-list-hoverBackground, transparent); }
.choice[aria-current] { color: var(--vscode-foreground); font-weight: 600; border-left: 3px solid var(--vscode-textLink-foreground); background: var(--vscode-textBlockQuote-background, transparent); border-radius: 0 4px 4px 0; }

.actions { display: flex; flex-wrap: wrap; gap: 0.7rem; align-items: center; }
.actions .link { margin-left: auto; }
.actions.tight { margin-bottom: 0.3rem; }

.ring {
    display: inline-block; width: 0.85em; height: 0.85em; margin-right: 0.6em; vertical-align: -0.05em; border-radius: 50%;
    border: 2px solid var(--vscode-descriptionForeground); border-top-color: var(--vscode-progressBar-background, var(--vscode-textLink-foreground));
    animation: turn 1.1s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }

@media (max-width: 46rem) {
    .page { grid-template-columns: minmax(0, 1fr); grid-template-areas: 'head' 'steps' 'main'; row-gap: 1.5rem; padding: 1.5rem 1.1rem 3rem; }
    .actions .link { margin-left: 0; }
    .sections { position: static; }
}
`;
