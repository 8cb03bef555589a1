import { describeOwnSettings } from '../ownSettings';

describeOwnSettings("a folder's settings.json");
