/**
 * The worker's program: reads which annexed content is where, beside the thread that runs the editor's extensions.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ContentService } from '../core/content/service';
import type { Request, WorkerSettings } from '../core/content/workerMessages';

const port = parentPort;
if (port === null) {
    throw new Error('this program is a worker');
}
// Both sides are built together: what comes through the port is of the declared form.
const service = new ContentService(workerData as WorkerSettings, answer => port.postMessage(answer), () => port.close());
port.on('message', (request: Request) => service.receive(request));
