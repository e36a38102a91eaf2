/** One model's cached features. */
export interface FeatureFolder {
  readonly path: string;
  readonly bytes: number;
  /** When it was last opened, in ms. */
  readonly used: number;
}

/** Bytes that all of them may take: KOMALAB_FEATURES_GB, else 20 GB. @throws if that is no such number */
export function featuresLimit(): number;

/** The longest unused first. */
export function featureFolders(): FeatureFolder[];

/** Deletes folders, the longest unused first, until the rest takes at most `most` bytes. */
export function pruneFeatures(
  most: number,
  options?: { readonly keep?: (folder: FeatureFolder) => boolean },
): { readonly gone: readonly FeatureFolder[]; readonly left: number };

/**
 * Makes room for `bytes` more in the folder `own`: others that nobody has opened for a day go. @returns by how
 * many bytes the limit will be passed all the same
 */
export function makeRoom(own: string, bytes: number): number;
