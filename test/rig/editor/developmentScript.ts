/**
 * Tells a page of the editor to load an extension under development and to run a test entry, as the desktop's
 * --extensionDevelopmentPath and --extensionTestsPath do.
 *
 * The workbench reads its configuration from a <meta> element of its page: this script, run before anything else, changes
 * it as soon as the parser has made it. (Rewriting the page on its way would close every websocket.)
 */

/** JavaScript source for an init script. Paths are those of the machine where the extension host runs. */
export function developmentScript(authority: string, extensionPath: string, testsPath: string): string {
    const uri = (path: string): object => ({ $mid: 1, scheme: 'vscode-remote', authority, path });
    const development = { extensions: [uri(extensionPath)], extensionTestsPath: uri(testsPath) };
    return `(() => {
        if (window !== window.top) {
            return;
        }
        const observer = new MutationObserver(() => {
            const meta = document.getElementById('vscode-workbench-web-configuration');
            if (meta === null) {
                return;
            }
            observer.disconnect();
            const settings = JSON.parse(meta.dataset.settings);
            settings.developmentOptions = { ...settings.developmentOptions, ...${JSON.stringify(development)} };
            meta.dataset.settings = JSON.stringify(settings);
        });
        observer.observe(document, { childList: true, subtree: true });
    })();`;
}
