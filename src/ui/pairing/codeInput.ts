/**
 * What is said of the text typed as the other's code, and what Enter does with it.
 *
 * An input box and no list: VS Code keeps every text that a list was filtered by in memory until the window is closed, and
 * a code belongs nowhere but where it is used.
 */
import { codeCheckText } from '../../shared/pairing/checkText';
import { checkCode, completeCode, usableCode } from '../../shared/pairing/code';
import { fill, type Texts } from '../../shared/pairing/texts';

export interface CodeHint {
    readonly severity: 'info' | 'warning' | 'error';
    /** Empty where there is nothing to say. */
    readonly text: string;
    /** The whole code, or the beginning of one, that was probably meant. */
    readonly suggestion: string | undefined;
    /**
     * - `submit`: Enter uses the code
     * - `confirm`: Enter uses it, but only the second time
     * - `none`: it is no code
     */
    readonly enter: 'submit' | 'confirm' | 'none';
    readonly code: string | undefined;
}

/** `asked`: Enter was pressed on it, so what is missing is said as an error. */
export function codeHint(text: string, ownCode: string, texts: Texts, asked = false): CodeHint {
    const check = checkCode(text, ownCode);
    const found = codeCheckText(check, texts, asked);
    const code = usableCode(check);
    const completions = completeCode(text);
    if (check.kind === 'ok') {
        return { severity: 'info', text: found.text, suggestion: undefined, enter: 'submit', code };
    }
    if (check.kind === 'unknown-words' && code !== undefined && !(check.typing && !asked)) {
        const didYouMean = found.suggestion === undefined ? '' : fill(texts.codeDidYouMean, found.suggestion);
        const again = asked ? texts.codeEnterAgain : '';
        return { severity: 'warning', text: [found.text, didYouMean, texts.codeCompare, again].filter(part => part !== '').join(' '), suggestion: found.suggestion, enter: 'confirm', code };
    }
    if (completions.length > 0 && !asked) {
        return { severity: 'info', text: `${texts.completions}: ${completions.map(lastWord).join(', ')}`, suggestion: completions[0], enter: 'none', code: undefined };
    }
    const suggestion = found.suggestion === undefined ? '' : fill(texts.codeDidYouMean, found.suggestion);
    return { severity: found.severity === 'error' ? 'error' : 'info', text: [found.text, suggestion].filter(part => part !== '').join(' '), suggestion: found.suggestion, enter: 'none', code: undefined };
}

function lastWord(completion: string): string {
    return completion.replace(/-$/u, '').split('-').at(-1) ?? '';
}
