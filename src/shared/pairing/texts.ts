/**
 * The names of all texts of a pairing. The words themselves are the extension's (so that they can be translated) and are sent to the page.
 */
import { remedies } from './remedy';
import { failureReasons } from './snapshot';

const plainKeys = [
    'title', 'repository', 'progress',
    'stepPreparing', 'stepCodeReady', 'stepWaiting', 'stepExchanging', 'stepConnecting', 'stepPaired', 'stepDone', 'stepFailed',
    'allowsTitle', 'allowsIntro', 'allowsRead', 'allowsUpload', 'allowsRemove', 'allowsIdentity', 'allowsTrust',
    'privacyTitle', 'clearNetText', 'clearNetConsent', 'consentMissing', 'torText',
    'adviceTitle',
    'nameLabel', 'nameHint', 'nameChanged', 'nameTaken', 'nameInvalid',
    'howTitle', 'howIntro', 'howInPerson', 'howEncrypted', 'howVoice', 'howNot',
    'showCode', 'cancel', 'useInputBox', 'usePage',
    'preparingTitle', 'preparingText',
    'yourCode', 'yourCodeHint', 'copy', 'copied', 'copiedAnnounce', 'codeAnnounce', 'peerEntered',
    'theirCode', 'theirCodeHint', 'pair', 'pairAnyway', 'completions', 'completionsCount',
    'codeNumber', 'codeWords', 'codeMalformed', 'codeDidYouMean', 'codeUseSuggestion', 'codeOwn', 'codeOwnNumber', 'codeUnknown', 'codeCompare', 'codeEnterAgain', 'codeOk', 'codeEmpty',
    'waitingTitle', 'waitingText', 'waitingEntered', 'waitingSlow', 'exchangingTitle', 'exchangingText',
    'connectingTitle', 'connectingText', 'connectingAttempts', 'overdueTitle', 'overdueText', 'keepTrying', 'stop',
    'endingTitle', 'endingText',
    'pairedTitle', 'pairedText', 'pairedNext', 'syncNow', 'close',
    'failedTitle', 'detailLabel', 'startAgain', 'showLog', 'tokenMayRemain',
    'cancelledTitle', 'cancelledText',
] as const;

/** Why it failed (`fail-…`) and what to do next (`next-…`), for every reason. */
const failKeys = failureReasons.map(reason => `fail-${reason}` as const);
const nextKeys = failureReasons.map(reason => `next-${reason}` as const);

/** What mends it. */
const remedyKeys = remedies.map(remedy => `remedy-${remedy}` as const);

export const textKeys = [...plainKeys, ...remedyKeys, ...failKeys, ...nextKeys] as const;
export type TextKey = (typeof textKeys)[number];
export type Texts = Readonly<Record<TextKey, string>>;

/** Whether every text is there. */
export function isTexts(value: unknown): value is Texts {
    return typeof value === 'object' && value !== null && textKeys.every(key => typeof (value as Record<string, unknown>)[key] === 'string');
}

export { fill } from '../fill';
