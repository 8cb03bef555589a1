/** The look of what only this page has: the points, each with its mark. */

export const protectionStyles = `
header p { margin-top: 0.6rem; }
main h2 { scroll-margin-top: 1rem; }
.points { list-style: none; display: grid; gap: 0.6rem; }
.points li { display: flex; gap: 0.7em; }
.points li::before { flex: none; width: 1.1em; text-align: center; font-weight: 700; }
.points .holds::before { content: '✓' / ''; color: var(--vscode-testing-iconPassed, currentColor); }
.points .holds-not::before { content: '×' / ''; color: var(--vscode-errorForeground); }
`;
