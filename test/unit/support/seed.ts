/**
 * The seed of a test over random worlds. The few worlds of every run are the same ones, so that a red run tells of a change;
 * the many of a soak run are new each time.
 *
 * @param prefix of the variables `<prefix>_RUNS`, how many, and `<prefix>_SEED`, to repeat a run
 */
export function worldsOf(prefix: string, few: number): { readonly runs: number; readonly seed: number } {
    const { [`${prefix}_RUNS`]: runs, [`${prefix}_SEED`]: seed } = process.env;
    return { runs: Number(runs ?? few), seed: Number(seed ?? (runs === undefined ? 1 : Date.now() % 1_000_000_000)) };
}
