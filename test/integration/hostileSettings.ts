/** What a folder that somebody else prepared would set: each of the extension's settings to something else than it is. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { projectRoot } from '../rig/paths';

const settingSchema = v.object({ type: v.picklist(['boolean', 'string', 'integer', 'number']), default: v.unknown(), scope: v.string(), enum: v.optional(v.array(v.string())), maximum: v.optional(v.number()) });
const manifestSchema = v.object({ contributes: v.object({ configuration: v.array(v.object({ properties: v.record(v.string(), settingSchema) })) }) });

export interface DeclaredSetting {
    /** With the section: `annexPeers.gitPath`. */
    readonly name: string;
    readonly scope: string;
    readonly initial: unknown;
    readonly hostile: unknown;
}

function hostileValue({ type, default: initial, enum: choices, maximum }: v.InferOutput<typeof settingSchema>): unknown {
    switch (type) {
        case 'boolean':
            return initial !== true;
        case 'integer':
        case 'number':
            return maximum ?? 7;
        case 'string':
            return choices?.find(choice => choice !== initial) ?? 'ws://evil.example/bin/evil';
    }
}

/** All settings of package.json. */
export async function declaredSettings(): Promise<readonly DeclaredSetting[]> {
    const { contributes } = v.parse(manifestSchema, JSON.parse(await readFile(path.join(projectRoot(), 'package.json'), 'utf8')));
    return contributes.configuration.flatMap(({ properties }) => Object.entries(properties).map(([name, setting]) => ({ name, scope: setting.scope, initial: setting.default, hostile: hostileValue(setting) })));
}

/** As a folder's settings.json: by name, and once more as objects in one another, which got round VS Code's own check until 1.136.2. */
export function hostileSettings(settings: readonly DeclaredSetting[]): Record<string, unknown> {
    const nested: Record<string, unknown> = {};
    for (const { name, hostile } of settings) {
        const parts = name.split('.');
        const last = parts.pop() ?? '';
        let place = nested;
        for (const part of parts) {
            const inner: Record<string, unknown> = Object.assign({}, place[part]);
            place[part] = inner;
            place = inner;
        }
        place[last] = hostile;
    }
    return { ...Object.fromEntries(settings.map(({ name, hostile }) => [name, hostile])), ...nested };
}
