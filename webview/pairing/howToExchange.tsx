/** How people get their codes to each other, safest way first. */
import type { JSX } from 'preact';
import type { Texts } from '../../src/shared/pairing/texts';

export function HowToExchange({ texts }: { readonly texts: Texts }): JSX.Element {
    return (
        <>
            <h2 id="how">{texts.howTitle}</h2>
            <HowList texts={texts} />
        </>
    );
}

export function HowList({ texts }: { readonly texts: Texts }): JSX.Element {
    return (
        <>
            <p>{texts.howIntro}</p>
            <ol class="plain">
                <li>{texts.howInPerson}</li>
                <li>{texts.howEncrypted}</li>
                <li>{texts.howVoice}</li>
            </ol>
            <p>{texts.howNot}</p>
        </>
    );
}
