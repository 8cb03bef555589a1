/** Claims a name as soon as it is told to, says what came of it, and holds on until it is killed or told to let go. */
import { claim } from '../../../src/core/daemon/ownership/claim';

const [folder = '', name = ''] = process.argv.slice(2);

process.stdin.once('data', () => {
    void claim(folder, name).then(async claimed => {
        if (claimed.kind === 'owner') {
            claimed.accept(socket => socket.write(`${process.pid}\n`));
            process.stdout.write('owner\n');
            process.stdin.once('data', () => void claimed.release().then(() => process.exit(0)));
            return;
        }
        claimed.socket.once('data', (data: Buffer) => process.stdout.write(`client ${data.toString()}`));
        await new Promise(resolve => claimed.socket.once('close', resolve));
        process.stdout.write('closed\n');
    });
});
process.stdin.on('end', () => process.exit(0));
process.stdout.write('ready\n');
