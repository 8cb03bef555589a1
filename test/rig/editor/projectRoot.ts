/** Where the project's folder is, from the compiled tests as well as from their sources. */
import { existsSync } from 'node:fs';
import path from 'node:path';

function find(from: string): string {
    for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder)) {
        if (existsSync(path.join(folder, 'package-lock.json'))) {
            return folder;
        }
    }
    throw new Error(`No project folder above ${from}`);
}

/** Absolute path of the folder that holds package.json. */
export const projectRoot = find(__dirname);
