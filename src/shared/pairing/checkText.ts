/**
 * The words for what was found out about a typed code or name: one rule for the page and the input boxes.
 */
import type { CodeCheck } from './code';
import type { NameCheck } from './name';
import { fill, type Texts } from './texts';

export interface CheckText {
    /** `hint`: nothing is wrong; `warning`: it may be used all the same; `error`: it may not. */
    readonly severity: 'none' | 'hint' | 'ok' | 'warning' | 'error';
    readonly text: string;
    /** A second sentence: what to do about it. */
    readonly advice?: string;
    /** The whole code that was probably meant. */
    readonly suggestion?: string;
}

/** `finished`: the text is as it was meant to be, so that an incomplete one is an error. */
export function codeCheckText(check: CodeCheck, texts: Texts, finished: boolean): CheckText {
    switch (check.kind) {
        case 'empty':
            return finished ? { severity: 'error', text: texts.codeEmpty } : { severity: 'none', text: '' };
        case 'incomplete':
            return { severity: finished ? 'error' : 'hint', text: check.missing === 'number' ? texts.codeNumber : texts.codeWords };
        case 'malformed':
            return withSuggestion({ severity: 'error', text: texts.codeMalformed }, check.suggestion);
        case 'own':
            return { severity: 'error', text: check.exact ? texts.codeOwn : texts.codeOwnNumber };
        case 'unknown-words':
            if (check.typing && !finished) {
                return { severity: 'hint', text: texts.codeWords };
            }
            return withSuggestion({ severity: 'warning', text: fill(texts.codeUnknown, check.words.map(({ word }) => `“${word}”`).join(', ')), advice: texts.codeCompare }, check.correction);
        case 'ok':
            return { severity: 'ok', text: texts.codeOk };
    }
}

export function nameCheckText(check: NameCheck, texts: Texts): CheckText {
    switch (check.kind) {
        case 'ok':
            return { severity: 'none', text: '' };
        case 'changed':
            return { severity: 'hint', text: fill(texts.nameChanged, check.name) };
        case 'taken':
            return { severity: 'error', text: fill(texts.nameTaken, check.name) };
        case 'invalid':
            return { severity: 'error', text: texts.nameInvalid };
    }
}

function withSuggestion(text: CheckText, suggestion: string | undefined): CheckText {
    return suggestion === undefined ? text : { ...text, suggestion };
}
