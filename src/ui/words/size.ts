/** Sizes as people read them: decimal units, as git-annex's own. */

interface Unit {
    readonly bytes: number;
    readonly format: Intl.NumberFormat;
}

// Made once, as those of times are.
const unit = (bytes: number, name: string, digits: number, display: 'short' | 'long' = 'short'): Unit => ({ bytes, format: new Intl.NumberFormat([], { style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: digits }) });
const smallest = unit(1, 'byte', 0, 'long');
const units: readonly Unit[] = [unit(1e12, 'terabyte', 1), unit(1e9, 'gigabyte', 1), unit(1e6, 'megabyte', 1), unit(1e3, 'kilobyte', 0)];

/** "340 kB", "1.2 GB". */
export function sizeWords(bytes: number): string {
    // What would be rounded to a thousand belongs to the next unit.
    const fitting = units.find(candidate => bytes >= candidate.bytes * 0.9995) ?? smallest;
    return fitting.format.format(bytes / fitting.bytes);
}

/** "340 kB / 1.2 GB"; the first alone where the whole is not known, undefined where nothing is. */
export function partWords(done: number, total: number | undefined): string | undefined {
    if (total === undefined || total === 0) {
        return done > 0 ? sizeWords(done) : undefined;
    }
    return `${sizeWords(Math.min(done, total))} / ${sizeWords(total)}`;
}
