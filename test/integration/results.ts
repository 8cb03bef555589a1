/** What a run of tests came to: written by scripts/reporter.cjs, believed only as far as this says. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const resultsSchema = v.object({
    passed: count,
    failed: count,
    skipped: count,
    durationMs: v.number(),
    failures: v.array(v.object({ title: v.string(), message: v.string() })),
});

export type Results = v.InferOutput<typeof resultsSchema>;

/** The results, or undefined as long as they haven't been written whole. */
export async function readResults(file: string): Promise<Results | undefined> {
    try {
        return v.parse(resultsSchema, JSON.parse(await readFile(file, 'utf8')));
    } catch {
        return undefined;
    }
}

/** A run is good if something passed and nothing failed. */
export function isGood(results: Results): boolean {
    return results.passed > 0 && results.failed === 0;
}
