/** Finds an element by the whole of its text, whatever elements the text is made of. */
import type { Locator } from 'playwright-core';

export function exactly(locator: Locator, text: string): Locator {
    return locator.filter({ hasText: new RegExp(`^\\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&')}\\s*$`, 'u') });
}
