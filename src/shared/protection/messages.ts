/**
 * What the page "What this protects, and what it doesn't" and the extension say to each other, with the checks for both sides.
 */
import * as v from 'valibot';
import { parserOf } from '../messages';

export const sectionIds = ['peer', 'identity', 'tor', 'codes', 'tokens', 'service', 'content', 'leaving'] as const;
export type SectionId = (typeof sectionIds)[number];

/** What a button of the page does; each is a command of the extension. */
export const actionIds = ['anonymous-identity', 'protect-service', 'disable-tor', 'revoke', 'verify', 'uninstall'] as const;
export type ActionId = (typeof actionIds)[number];

const sectionSchema = v.object({
    id: v.picklist(sectionIds),
    title: v.string(),
    /** What is protected, and what isn't. */
    points: v.array(v.object({ holds: v.boolean(), text: v.string() })),
    actions: v.array(v.object({ id: v.picklist(actionIds), label: v.string() })),
});

const contentSchema = v.object({
    title: v.string(),
    intro: v.string(),
    /** What the list of sections is called, for those who are read to. */
    sectionsLabel: v.string(),
    /** What the marks mean, likewise. */
    holdsLabel: v.string(),
    holdsNotLabel: v.string(),
    sections: v.array(sectionSchema),
});

export type ProtectionSection = Readonly<v.InferOutput<typeof sectionSchema>>;
export type ProtectionContent = Readonly<v.InferOutput<typeof contentSchema>>;

/** From the extension to the page. */
const hostMessageSchema = v.variant('type', [
    v.object({ type: v.literal('content'), content: contentSchema }),
    /** Leads to a section. */
    v.object({ type: v.literal('show'), section: v.picklist(sectionIds) }),
]);

/** From the page to the extension. */
const pageMessageSchema = v.variant('type', [v.strictObject({ type: v.literal('ready') }), v.strictObject({ type: v.literal('act'), action: v.picklist(actionIds) })]);

export type HostMessage = v.InferOutput<typeof hostMessageSchema>;
export type PageMessage = v.InferOutput<typeof pageMessageSchema>;

export const parseHostMessage = parserOf(hostMessageSchema);
export const parsePageMessage = parserOf(pageMessageSchema);
