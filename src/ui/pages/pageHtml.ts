/** A page's document: a root element, one script that carries the nonce, and nothing else that may be loaded or run. */
import { randomBytes } from 'node:crypto';

/** @param script the script's address in the page; @param language as in `lang`; @param title the document's title, plain text. */
export function pageHtml(script: string, language: string, title: string): string {
    const nonce = randomBytes(24).toString('base64');
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
    return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
    return text.replace(/[&<>"']/gu, character => `&#${character.charCodeAt(0)};`);
}
