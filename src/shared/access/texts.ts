/**
 * The names of all texts for addresses by hand and verifying. The words themselves are the extension's, and are sent to the page.
 */
import { accessReasons } from './snapshot';

const plainKeys = [
    'title', 'repository', 'sections', 'makeSection', 'linkSection', 'verifySection', 'useInputBox', 'showLog',
    'makeTitle', 'makeIntro', 'makeAllows', 'makeOneWay', 'makeLabel', 'makeHint', 'makeLabelMissing', 'makeButton', 'makingTitle', 'makeUnreachable', 'enableTor', 'startTor',
    'madeTitle', 'madeOnce', 'madeGive', 'madeCommandLine', 'address', 'copyAddress', 'copied', 'copiedAnnounce', 'copyHint', 'qr', 'qrHint', 'forget', 'makeFailed', 'again',
    'linkTitle', 'linkIntro', 'linkOneWay', 'linkAddress', 'linkHint', 'linkName', 'linkNameHint', 'linkNameChanged', 'linkOk', 'linkButton', 'linkingTitle', 'linkingText', 'cancel',
    'linkedTitle', 'linkedText', 'linkedSame', 'linkedMutual', 'linkedMake', 'verifyNow', 'syncNow', 'linkAnother', 'linkFailed', 'detail',
    'verifyTitle', 'verifyIntro', 'verifyChoose', 'verifyNobody', 'verifyUnreachable', 'verifyUnknown', 'notVerified', 'verifiedAt', 'preparingWords',
    'wordsTitle', 'wordsCompare', 'wordsHow', 'wordsOwn', 'wordsOther', 'same', 'differ', 'otherPeer', 'commandLineTitle', 'commandLineText', 'copyInstructions', 'instructionsCopied',
    'agreedTitle', 'agreedText', 'takeBack', 'differTitle', 'differText', 'differWhy', 'revoke', 'compareAgain',
] as const;

/** Why something did not work (`why-…`) and what to do next (`next-…`). */
const whyKeys = accessReasons.map(reason => `why-${reason}` as const);
const nextKeys = accessReasons.map(reason => `next-${reason}` as const);

const textKeys = [...plainKeys, ...whyKeys, ...nextKeys] as const;
export type AccessTextKey = (typeof textKeys)[number];
export type AccessTexts = Readonly<Record<AccessTextKey, string>>;

/** Whether every text is there. */
export function isAccessTexts(value: unknown): value is AccessTexts {
    return typeof value === 'object' && value !== null && textKeys.every(key => typeof (Reflect.get(value, key) as unknown) === 'string');
}
