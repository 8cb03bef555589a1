/**
 * What the page for addresses and verifying and the extension say to each other, with the checks for both sides.
 */
import * as v from 'valibot';
import { parserOf } from '../messages';
import { maxNameLength } from '../pairing/name';
import { accessReasons, maxAddressLength, maxLabelLength, sections, snapshotSchema } from './snapshot';
import { isAccessTexts, type AccessTexts } from './texts';

const name = v.pipe(v.string(), v.maxLength(maxNameLength * 4));
const address = v.pipe(v.string(), v.maxLength(maxAddressLength));

/** What was found out about an address that was typed: `ok` with whose it is, or why it can't be used (`detail`: the remote that is linked). */
const linkCheckSchema = v.variant('kind', [
    v.object({ kind: v.literal('empty') }),
    v.object({ kind: v.literal('ok'), onion: v.string(), name: v.string() }),
    v.object({ kind: v.literal('wrong'), reason: v.picklist(accessReasons), detail: v.string() }),
]);
export type LinkCheck = Readonly<v.InferOutput<typeof linkCheckSchema>>;

/** From the extension to the page. */
const hostMessageSchema = v.variant('type', [
    v.object({ type: v.literal('texts'), texts: v.custom<AccessTexts>(isAccessTexts) }),
    v.object({ type: v.literal('snapshot'), snapshot: snapshotSchema }),
    /** The answer to `check-link` with the same number: a secret is not sent back. */
    v.object({ type: v.literal('link-checked'), id: v.number(), check: linkCheckSchema }),
    v.object({ type: v.literal('copied'), what: v.picklist(['address', 'instructions']) }),
]);

/** From the page to the extension. */
const pageMessageSchema = v.variant('type', [
    v.strictObject({ type: v.literal('ready') }),
    v.strictObject({ type: v.literal('show'), section: v.picklist(sections) }),
    v.strictObject({ type: v.literal('make'), label: v.pipe(v.string(), v.maxLength(maxLabelLength)) }),
    v.strictObject({ type: v.literal('copy-address') }),
    v.strictObject({ type: v.literal('forget-address') }),
    v.strictObject({ type: v.literal('check-link'), id: v.number(), address, name }),
    v.strictObject({ type: v.literal('link'), address, name }),
    v.strictObject({ type: v.literal('cancel-link') }),
    v.strictObject({ type: v.literal('link-again') }),
    v.strictObject({ type: v.literal('verify'), peer: name }),
    v.strictObject({ type: v.literal('choose-peer') }),
    v.strictObject({ type: v.literal('compared'), same: v.boolean() }),
    v.strictObject({ type: v.literal('take-back'), peer: name }),
    v.strictObject({ type: v.literal('revoke'), peer: name }),
    v.strictObject({ type: v.literal('copy-instructions') }),
    v.strictObject({ type: v.literal('sync-now'), peer: name }),
    v.strictObject({ type: v.literal('enable-tor') }),
    v.strictObject({ type: v.literal('start-tor') }),
    v.strictObject({ type: v.literal('use-input-box') }),
    v.strictObject({ type: v.literal('show-log') }),
]);

export type HostMessage = v.InferOutput<typeof hostMessageSchema>;
export type PageMessage = v.InferOutput<typeof pageMessageSchema>;

export const parseHostMessage = parserOf(hostMessageSchema);
export const parsePageMessage = parserOf(pageMessageSchema);
