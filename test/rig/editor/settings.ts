/** The editor's settings in tests: nothing phones home, nothing moves, nothing gets in the way of a click. */

export type Settings = Readonly<Record<string, unknown>>;

/** A colour theme of every kind: its settings id, its name in the picker, and the class that it gives to the window. */
export const themes = {
    dark: { id: 'Default Dark Modern', label: 'Dark Modern', className: 'vs-dark' },
    light: { id: 'Default Light Modern', label: 'Light Modern', className: 'vs' },
    'high-contrast-dark': { id: 'Default High Contrast', label: 'Dark High Contrast', className: 'hc-black' },
    'high-contrast-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', className: 'hc-light' },
} as const;

export type ThemeKind = keyof typeof themes;

export const quietSettings: Settings = {
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'workbench.enableExperiments': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.reduceMotion': 'on',
    'workbench.colorTheme': themes.dark.id,
    'workbench.list.smoothScrolling': false,
    'workbench.hover.delay': 100_000,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'window.commandCenter': false,
    'git.openRepositoryInParentFolders': 'always',
    'git.autofetch': false,
    // The terminal as text in the page rather than as a picture.
    'terminal.integrated.gpuAcceleration': 'off',
    'terminal.integrated.shellIntegration.enabled': false,
    'terminal.integrated.enablePersistentSessions': false,
    'security.workspace.trust.startupPrompt': 'never',
};
