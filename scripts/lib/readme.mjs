// The README as the package has it. VS Code shows it without a folder around it, and no picture but from an https address, which
// this project has none of. So pictures are left out, and links to files say where to look.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from './tools.mjs';

/** What the package brings along; the rest is with the source. */
const shipped = new Set(['SECURITY.md', 'docs/uninstall.md', 'CHANGELOG.md', 'LICENSE']);
const picture = /!\[[^\]]*\]\([^)\s]+\)/gu;
const link = /\[([^\]]*)\]\((?!https?:|#)([^)\s]+)\)/gu;
/** The head of a table that holds nothing but pictures. */
const emptyHead = /^\|(?: *\|)+\n\|(?: *-+ *\|)+\n(?!\|)/gmu;

export function packagedReadme(text) {
    const lines = text.split('\n').filter(line => line.replace(picture, '').replace(/[|\s]/gu, '') !== '' || !line.includes(']('));
    return lines.join('\n')
        .replace(picture, '')
        .replace(emptyHead, '')
        .replace(/\n{3,}/gu, '\n\n')
        .replace(link, (_all, words, file) => {
            const place = `\`${file}\` in ${shipped.has(file) ? "the extension's folder" : 'the source'}`;
            return words === file ? place : `${words} (${place})`;
        });
}

/** Writes it beside what is built; gives back its path from the project's folder. */
export async function writePackagedReadme() {
    const file = '.rig/package/README.md';
    await mkdir(path.join(projectRoot, path.dirname(file)), { recursive: true });
    const text = await readFile(path.join(projectRoot, 'README.md'), 'utf8');
    await writeFile(path.join(projectRoot, file), packagedReadme(text));
    return file;
}
