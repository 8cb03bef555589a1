/** Puts values in the places {0}, {1}, … of a text that was translated already. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
    return text.replace(/\{(\d+)\}/gu, (place, index: string) => String(values[Number(index)] ?? place));
}
