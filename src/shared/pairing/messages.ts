/**
 * What the pairing page and the extension say to each other, with the checks for both sides: neither believes the other.
 */
import * as v from 'valibot';
import { parserOf } from '../messages';
import { adviceSchema } from './advice';
import { maxCodeLength } from './code';
import { maxNameLength } from './name';
import { remedies } from './remedy';
import { snapshotSchema } from './snapshot';
import { isTexts, type Texts } from './texts';

const nameCheckSchema = v.variant('kind', [
    v.object({ kind: v.literal('ok'), name: v.string() }),
    v.object({ kind: v.literal('changed'), name: v.string() }),
    v.object({ kind: v.literal('taken'), name: v.string() }),
    v.object({ kind: v.literal('invalid') }),
]);

/** From the extension to the page. */
const hostMessageSchema = v.variant('type', [
    v.object({ type: v.literal('texts'), texts: v.custom<Texts>(isTexts) }),
    v.object({ type: v.literal('snapshot'), snapshot: snapshotSchema }),
    /** The answer to `check-name`; `text` is what was asked about. */
    v.object({ type: v.literal('name-checked'), text: v.string(), check: nameCheckSchema }),
    /** What to look at before pairing; the newest replaces what came before. */
    v.object({ type: v.literal('advice'), advice: v.array(adviceSchema) }),
    /** The code is in the clipboard now. */
    v.object({ type: v.literal('copied') }),
]);

/** From the page to the extension. */
const pageMessageSchema = v.variant('type', [
    v.strictObject({ type: v.literal('ready') }),
    v.strictObject({ type: v.literal('check-name'), text: v.pipe(v.string(), v.maxLength(maxNameLength * 4)) }),
    /** `consent`: which way of pairing the user agreed to; the extension compares it with the way it would go. */
    v.strictObject({ type: v.literal('begin'), name: v.pipe(v.string(), v.maxLength(maxNameLength * 4)), consent: v.picklist(['clear-net', 'tor']) }),
    v.strictObject({ type: v.literal('submit-code'), code: v.pipe(v.string(), v.maxLength(maxCodeLength)) }),
    v.strictObject({ type: v.literal('copy-code') }),
    v.strictObject({ type: v.literal('keep-trying') }),
    v.strictObject({ type: v.literal('cancel') }),
    v.strictObject({ type: v.literal('start-again') }),
    v.strictObject({ type: v.literal('mend'), id: v.pipe(v.string(), v.maxLength(60)) }),
    v.strictObject({ type: v.literal('use-input-box') }),
    v.strictObject({ type: v.literal('sync-now') }),
    v.strictObject({ type: v.literal('remedy'), remedy: v.picklist(remedies) }),
    v.strictObject({ type: v.literal('show-log') }),
    v.strictObject({ type: v.literal('close') }),
]);

export type HostMessage = v.InferOutput<typeof hostMessageSchema>;
export type PageMessage = v.InferOutput<typeof pageMessageSchema>;

export const parseHostMessage = parserOf(hostMessageSchema);
export const parsePageMessage = parserOf(pageMessageSchema);
