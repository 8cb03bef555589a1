/** The colours that VS Code 1.100 gives a webview in its default themes, one of each of the four kinds; what a theme leaves out stays out. */

export interface Theme {
    readonly bodyClass: string;
    readonly colors: Readonly<Record<string, string>>;
}

const fonts = {
    'font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
    'font-size': '13px',
    'font-weight': 'normal',
    'editor-font-family': '"DejaVu Sans Mono", monospace',
};

export const themes = {
    dark: {
        bodyClass: 'vscode-dark',
        colors: {
            ...fonts, 'foreground': '#cccccc', 'descriptionForeground': '#9d9d9d', 'editor-background': '#1f1f1f', 'errorForeground': '#f85149', 'focusBorder': '#0078d4',
            'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': '#ffffff12',
            'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
            'input-background': '#313131', 'input-border': '#3c3c3c', 'input-foreground': '#cccccc', 'input-placeholderForeground': '#989898', 'inputValidation-errorBorder': '#be1100',
            'textLink-foreground': '#4daafc', 'textLink-activeForeground': '#4daafc', 'textBlockQuote-background': '#2b2b2b', 'textBlockQuote-border': '#616161',
            'textCodeBlock-background': '#2b2b2b', 'widget-border': '#313131', 'widget-shadow': '#0000005c', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#cca700',
            'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff', 'list-hoverBackground': '#2a2d2e',
            'editorSuggestWidget-background': '#202020', 'editorSuggestWidget-border': '#454545', 'editorSuggestWidget-foreground': '#cccccc',
            'editorSuggestWidget-selectedBackground': '#04395e', 'editorSuggestWidget-selectedForeground': '#ffffff', 'progressBar-background': '#0078d4',
        },
    },
    light: {
        bodyClass: 'vscode-light',
        colors: {
            ...fonts, 'foreground': '#3b3b3b', 'descriptionForeground': '#3b3b3b', 'editor-background': '#ffffff', 'errorForeground': '#f85149', 'focusBorder': '#005fb8',
            'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': '#0000001a',
            'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
            'input-background': '#ffffff', 'input-border': '#cecece', 'input-foreground': '#3b3b3b', 'input-placeholderForeground': '#767676', 'inputValidation-errorBorder': '#be1100',
            'textLink-foreground': '#005fb8', 'textLink-activeForeground': '#005fb8', 'textBlockQuote-background': '#f8f8f8', 'textBlockQuote-border': '#e5e5e5',
            'textCodeBlock-background': '#f8f8f8', 'widget-border': '#e5e5e5', 'widget-shadow': '#00000029', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#bf8803',
            'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000', 'list-hoverBackground': '#f2f2f2',
            'editorSuggestWidget-background': '#f8f8f8', 'editorSuggestWidget-border': '#c8c8c8', 'editorSuggestWidget-foreground': '#3b3b3b',
            'editorSuggestWidget-selectedBackground': '#0060c0', 'editorSuggestWidget-selectedForeground': '#ffffff', 'progressBar-background': '#005fb8',
        },
    },
    'hc-dark': {
        bodyClass: 'vscode-high-contrast',
        colors: {
            ...fonts, 'foreground': '#ffffff', 'descriptionForeground': '#ffffffb3', 'editor-background': '#000000', 'errorForeground': '#f48771', 'focusBorder': '#f38518',
            'contrastBorder': '#6fc3df', 'contrastActiveBorder': '#f38518', 'button-background': '#000000', 'button-foreground': '#ffffff', 'button-border': '#6fc3df',
            'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff',
            'input-background': '#000000', 'input-border': '#6fc3df', 'input-foreground': '#ffffff', 'input-placeholderForeground': '#ffffffb3', 'inputValidation-errorBorder': '#6fc3df',
            'textLink-foreground': '#21a6ff', 'textLink-activeForeground': '#21a6ff', 'textBlockQuote-border': '#ffffff', 'textCodeBlock-background': '#000000',
            'widget-border': '#6fc3df', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#ffd370',
            'editorSuggestWidget-background': '#0c141f', 'editorSuggestWidget-border': '#6fc3df', 'editorSuggestWidget-foreground': '#ffffff', 'progressBar-background': '#6fc3df',
        },
    },
    'hc-light': {
        bodyClass: 'vscode-high-contrast vscode-high-contrast-light',
        colors: {
            ...fonts, 'foreground': '#292929', 'descriptionForeground': '#292929b3', 'editor-background': '#ffffff', 'errorForeground': '#b5200d', 'focusBorder': '#006bbd',
            'contrastBorder': '#0f4a85', 'contrastActiveBorder': '#006bbd', 'button-background': '#0f4a85', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0f4a85',
            'button-border': '#0f4a85', 'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929',
            'input-background': '#ffffff', 'input-border': '#0f4a85', 'input-foreground': '#292929', 'input-placeholderForeground': '#292929b3', 'inputValidation-errorBorder': '#0f4a85',
            'textLink-foreground': '#0f4a85', 'textLink-activeForeground': '#0f4a85', 'textBlockQuote-background': '#f2f2f2', 'textBlockQuote-border': '#292929',
            'textCodeBlock-background': '#f2f2f2', 'widget-border': '#0f4a85', 'testing-iconPassed': '#007100', 'editorWarning-foreground': '#895503',
            'list-hoverBackground': '#dff3ff', 'editorSuggestWidget-background': '#ffffff', 'editorSuggestWidget-border': '#0f4a85', 'editorSuggestWidget-foreground': '#292929',
            'progressBar-background': '#0f4a85',
        },
    },
} as const satisfies Record<string, Theme>;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];
