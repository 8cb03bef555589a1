// The README as the package has it. VS Code shows it without a folder around it: pictures come from https or from the text
// itself alone, and a link to another file leads nowhere. So pictures are put into the text, and links to files say where to look.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from './tools.mjs';

/** What the package brings along; VS Code has pages of its own for some of it, the others lie in the extension's folder. */
const shipped = new Set(['SECURITY.md', 'CHANGELOG.md', 'LICENSE']);
const reference = /(!?)\[([^\]]*)\]\((?!https?:|#)([^)\s]+)\)/gu;

/** `readPicture` gives the bytes of a PNG of the project. */
export async function packagedReadme(text, readPicture) {
    const pictures = new Map();
    for (const [, isPicture, , file] of text.matchAll(reference)) {
        if (isPicture !== '' && !pictures.has(file)) {
            pictures.set(file, `data:image/png;base64,${(await readPicture(file)).toString('base64')}`);
        }
    }
    return text.replace(reference, (_all, isPicture, words, file) => {
        if (isPicture !== '') {
            return `![${words}](${pictures.get(file)})`;
        }
        const place = `\`${file}\` in ${shipped.has(file) ? "the extension's folder" : 'the source'}`;
        return words === file ? place : `${words} (${place})`;
    });
}

/** Writes it beside what is built; gives back its path from the project's folder. */
export async function writePackagedReadme() {
    const file = '.rig/package/README.md';
    await mkdir(path.join(projectRoot, path.dirname(file)), { recursive: true });
    const text = await readFile(path.join(projectRoot, 'README.md'), 'utf8');
    await writeFile(path.join(projectRoot, file), await packagedReadme(text, name => readFile(path.join(projectRoot, name))));
    return file;
}
