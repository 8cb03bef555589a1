/**
 * What to look at before a pairing: made by the extension from what it found, shown by the page and the input box.
 */
import * as v from 'valibot';

export const adviceSchema = v.object({
    /** What was found; names what the button is about. */
    id: v.pipe(v.string(), v.maxLength(60)),
    severity: v.picklist(['danger', 'warning', 'info']),
    label: v.string(),
    why: v.string(),
    /** What the button says. */
    action: v.string(),
});

export type Advice = Readonly<v.InferOutput<typeof adviceSchema>>;
