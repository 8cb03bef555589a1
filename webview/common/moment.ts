/** True for a moment after `count` has grown: "Copied", which can be said again the next time. */
import { useEffect, useState } from 'preact/hooks';

export function useMoment(count: number, ms = 2000): boolean {
    const [shown, setShown] = useState(false);
    useEffect(() => {
        if (count === 0) {
            return undefined;
        }
        setShown(true);
        const timer = setTimeout(() => setShown(false), ms);
        return () => clearTimeout(timer);
    }, [count, ms]);
    return shown;
}
