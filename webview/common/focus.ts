/** Moves the focus to what is new, but only while the reader is on this page: a page must not pull the focus out of an editor. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A reference to the element that gets the focus whenever `key` changes. */
export function useFocusOn<T extends HTMLElement>(key: unknown): RefObject<T | null> {
    const element = useRef<T>(null);
    useEffect(() => {
        if (document.hasFocus()) {
            element.current?.focus();
        }
    }, [key]);
    return element;
}
