/**
 * What a bench has measured: printed, and, where ANNEX_PEERS_BENCH_ROWS names a file, kept there for the dated result.
 */
import { appendFileSync } from 'node:fs';

export interface Row {
    readonly what: string;
    /** With its unit. */
    readonly ours: string;
    /** What users would run instead, and how it did; empty if there is nothing to compare with. */
    readonly instead: string;
    readonly ratio: string;
    readonly goal: string;
    readonly reached: boolean;
    /** What else has to be known to judge the figures. */
    readonly note?: string;
}

export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] ?? NaN : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export function tell(row: Row): void {
    const parts = [`ours ${row.ours}`, row.instead, row.ratio, row.goal === '' ? '' : `goal ${row.goal}${row.reached ? '' : ', MISSED'}`, row.note ?? ''];
    process.stdout.write(`${row.what}: ${parts.filter(part => part !== '').join('; ')}\n`);
    const file = process.env['ANNEX_PEERS_BENCH_ROWS'];
    if (file !== undefined) {
        appendFileSync(file, `${JSON.stringify(row)}\n`);
    }
}
