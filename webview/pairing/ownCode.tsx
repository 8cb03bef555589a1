/** This repository's code, large enough to be read across a table, and a button that copies it through the extension. */
import type { JSX, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageMessage } from '../../src/shared/pairing/messages';
import type { Texts } from '../../src/shared/pairing/texts';

interface Props {
    readonly code: string;
    readonly texts: Texts;
    readonly copies: number;
    readonly send: (message: PageMessage) => void;
    readonly heading?: RefObject<HTMLHeadingElement | null>;
}

export function OwnCode({ code, texts, copies, send, heading }: Props): JSX.Element {
    const [copied, setCopied] = useState(false);
    useEffect(() => {
        if (copies === 0) {
            return undefined;
        }
        setCopied(true);
        const timer = setTimeout(() => setCopied(false), 2000);
        return () => clearTimeout(timer);
    }, [copies]);
    return (
        <section aria-labelledby="own-code">
            <h2 id="own-code" tabIndex={-1} {...(heading === undefined ? {} : { ref: heading })}>
                {texts.yourCode}
            </h2>
            <div class="code">
                <output data-role="own-code">
                    {code.split('-').map((part, index) => (
                        <span key={index}>
                            {index > 0 ? '-' : ''}
                            {part}
                            <wbr />
                        </span>
                    ))}
                </output>
                <button type="button" onClick={() => send({ type: 'copy-code' })}>
                    {copied ? texts.copied : texts.copy}
                </button>
            </div>
            <p class="muted">{texts.yourCodeHint}</p>
        </section>
    );
}
