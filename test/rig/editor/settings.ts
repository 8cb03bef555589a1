/** The editor's settings in tests: nothing phones home, nothing moves, nothing gets in the way of a click. */

export type Settings = Readonly<Record<string, unknown>>;

/** Colour themes of every kind, by their settings id. */
export const themes = {
    dark: 'Default Dark Modern',
    light: 'Default Light Modern',
    'high-contrast-dark': 'Default High Contrast',
    'high-contrast-light': 'Default High Contrast Light',
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
    'workbench.colorTheme': themes.dark,
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
