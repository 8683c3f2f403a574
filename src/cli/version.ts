/** A test holds it to package.json, so that no bundle has to carry that file. */
export const VERSION = '0.1.0';
