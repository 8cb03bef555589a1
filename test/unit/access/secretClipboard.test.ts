/** A secret in the clipboard goes again, and nothing else does. */
import assert from 'node:assert/strict';
import { SecretText } from '../../../src/core/peers/access/secretText';
import { SecretClipboard } from '../../../src/ui/secretClipboard';
import { until } from '../support/until';

class Board {
    text = '';
    readable = true;
    reads = 0;
    readText(): Promise<string> {
        this.reads += 1;
        return this.readable ? Promise.resolve(this.text) : Promise.reject(new Error('no focus'));
    }
    writeText(text: string): Promise<void> {
        this.text = text;
        return Promise.resolve();
    }
}

describe('the clipboard for secrets', () => {
    it('is emptied after its time', async () => {
        const board = new Board();
        await new SecretClipboard(board, 20).copy(new SecretText('secret'));
        assert.equal(board.text, 'secret');
        await until('it is empty', () => board.text === '');
    });

    it('keeps what somebody else has put there', async () => {
        const board = new Board();
        const clipboard = new SecretClipboard(board, 20);
        await clipboard.copy(new SecretText('secret'));
        board.text = 'a poem';
        await until('it has looked', () => board.reads > 0);
        await clipboard.dispose();
        assert.equal(board.text, 'a poem');
    });

    it('counts from the last copy, and is emptied when the editor goes', async () => {
        const board = new Board();
        const clipboard = new SecretClipboard(board, 60_000);
        await clipboard.copy(new SecretText('one'));
        await clipboard.copy(new SecretText('two'));
        await clipboard.dispose();
        assert.equal(board.text, '');
        board.text = 'two';
        await clipboard.dispose();
        assert.equal(board.text, 'two');
    });

    it('tries again with the focus where it could not be read', async () => {
        const board = new Board();
        const clipboard = new SecretClipboard(board, 5);
        await clipboard.copy(new SecretText('secret'));
        board.readable = false;
        await until('it has tried', () => board.reads > 0);
        assert.equal(board.text, 'secret');
        board.readable = true;
        clipboard.focused();
        await until('it is empty', () => board.text === '');
    });
});
