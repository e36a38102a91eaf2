/**
 * Set-up is plain JavaScript with its own type check (setup/tsconfig.json); tests take its modules as they
 * are.
 */
declare module "*.mjs";
