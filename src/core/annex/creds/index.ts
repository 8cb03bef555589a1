/** git-annex's credentials for peers: reading them, and taking access away. */
export * from './address';
export * from './files';
export * from './tokens';
