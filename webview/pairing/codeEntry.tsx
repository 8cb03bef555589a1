/**
 * The field for the other's code: checked while it is typed, with the words that fit below it (a combobox with a list box, as in the ARIA
 * authoring practices), and what was probably meant where a word isn't known.
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { codeCheckText } from '../../src/shared/pairing/checkText';
import { checkCode, completeCode, maxCodeLength, usableCode } from '../../src/shared/pairing/code';
import type { PageMessage } from '../../src/shared/pairing/messages';
import { fill, type Texts } from '../../src/shared/pairing/texts';

interface Props {
    readonly ownCode: string;
    /** git-annex took no notice of the last one. */
    readonly refused: boolean;
    readonly texts: Texts;
    readonly send: (message: PageMessage) => void;
}

export function CodeEntry({ ownCode, refused, texts, send }: Props): JSX.Element {
    const [text, setText] = useState('');
    const [open, setOpen] = useState(false);
    const [active, setActive] = useState(-1);
    /** What the user wanted to use, and was told about. */
    const [shown, setShown] = useState<string | undefined>(undefined);
    const check = checkCode(text, ownCode);
    const finished = shown === text || (refused && text !== '');
    const found = codeCheckText(check, texts, finished);
    const completions = completeCode(text);
    const expanded = open && completions.length > 0;

    const change = (next: string, keepOpen: boolean): void => {
        setText(next);
        setOpen(keepOpen);
        setActive(-1);
    };
    const choose = (completion: string): void => {
        change(completion, completion.endsWith('-'));
        document.getElementById('their-code')?.focus();
    };
    const submit = (event: Event): void => {
        event.preventDefault();
        const code = usableCode(check);
        if (code !== undefined && (check.kind === 'ok' || shown === text)) {
            send({ type: 'submit-code', code });
            return;
        }
        setShown(text);
        setOpen(false);
        document.getElementById('their-code')?.focus();
    };
    const key = (event: KeyboardEvent): void => {
        const chosen = completions[active];
        if (event.key === 'Escape' && expanded) {
            setOpen(false);
            setActive(-1);
        } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && completions.length > 0) {
            setOpen(true);
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setActive(active < 0 ? (step > 0 ? 0 : completions.length - 1) : (active + step + completions.length) % completions.length);
        } else if (event.key === 'Enter' && expanded && chosen !== undefined) {
            choose(chosen);
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <form id="code-form" onSubmit={submit} noValidate>
            <label class="label" for="their-code" id="their-code-label">
                {texts.theirCode}
            </label>
            <div class="combobox">
                <input
                    id="their-code"
                    type="text"
                    role="combobox"
                    value={text}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    maxLength={maxCodeLength}
                    aria-autocomplete="list"
                    aria-expanded={expanded}
                    aria-controls="completions"
                    aria-invalid={found.severity === 'error'}
                    aria-describedby="code-found code-hint"
                    {...(expanded && active >= 0 ? { 'aria-activedescendant': `completion-${active}` } : {})}
                    onInput={event => change(event.currentTarget.value, true)}
                    onKeyDown={key}
                    onBlur={() => setOpen(false)}
                />
                <ul id="completions" role="listbox" aria-label={texts.completions} hidden={!expanded}>
                    {completions.map((completion, index) => (
                        <li
                            key={completion}
                            id={`completion-${index}`}
                            role="option"
                            aria-selected={index === active}
                            // The field keeps the focus, so that the list stays open for the click.
                            onMouseDown={event => event.preventDefault()}
                            onClick={() => choose(completion)}
                        >
                            {completion.replace(/-$/u, '')}
                        </li>
                    ))}
                </ul>
            </div>
            <p id="code-hint" class="muted small">
                {texts.theirCodeHint}
            </p>
            <div id="code-found" class={`found ${found.severity}`} aria-live="polite">
                <span>
                    {found.text}
                    {found.advice === undefined ? null : ` ${found.advice}`}
                    {found.suggestion === undefined ? null : ` ${fill(texts.codeDidYouMean, found.suggestion)}`}
                </span>
                {expanded && found.severity === 'hint' ? <span class="hidden"> {fill(texts.completionsCount, completions.length)}</span> : null}
            </div>
            {found.suggestion === undefined && !(finished && found.severity === 'warning') ? null : (
                <div class="actions tight">
                    {found.suggestion === undefined ? null : (
                        <button type="button" onClick={() => choose(found.suggestion ?? '')}>
                            {fill(texts.codeUseSuggestion, found.suggestion)}
                        </button>
                    )}
                    {finished && found.severity === 'warning' ? <button type="submit">{texts.pairAnyway}</button> : null}
                </div>
            )}
        </form>
    );
}
