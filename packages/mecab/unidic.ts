/**
 * UniDic 2.1.2 as the Python package unidic-lite holds it, which the second and third models of Tohoku
 * University use: fetched when it is first needed (47 MB), kept in the cache folder (102 MB).
 */
import type { OnProgress } from "../../lib/support/progress";
import { type PythonPackage, packageFolder } from "../python-package";

/** SHA-256 of the package that holds the dictionary. */
export const UNIDIC_HASH = "db9d4572d9fdd4d00a97949d4b0741ec480ee05a7e7e2e32f547500dae27b245";

const UNIDIC: PythonPackage = {
  name: "unidic-lite",
  release: "1.0.8",
  sha256: UNIDIC_HASH,
  form: "source",
  // of sys.dic only what comes before the features, 30 of 188 MB, is kept
  unpack: `
import struct, sys, tarfile
archive, folder = sys.argv[1:]
with tarfile.open(archive) as package:
    for member in package:
        name = member.name.rsplit("/", 1)[-1]
        if name not in ("sys.dic", "unk.dic", "char.bin", "matrix.bin", "LICENSE.unidic"): continue
        source = package.extractfile(member)
        content = source.read(72)
        if name == "sys.dic": content += source.read(sum(struct.unpack_from("<2I", content, 24)))
        else: content += source.read()
        with open(f"{folder}/{name}", "wb") as target: target.write(content)
`,
};
const { name, release } = UNIDIC;

/**
 * The folder of the dictionary; fetches it on the first call.
 * @throws if it is neither there nor can be fetched
 */
export const unidicFolder = (onProgress: OnProgress = () => {}): Promise<string> =>
  packageFolder(UNIDIC, (done) =>
    onProgress({ task: `fetching UniDic (${name} ${release}, 47 MB)`, done, total: 1 }),
  ).catch((error: Error) => {
    throw new Error(
      `The words of this model are UniDic's, from the Python package ${name} ${release} (47 MB): ${error.message}\n` +
        "Try again with a connection to the Python registry, or use a model with IPADIC words: it needs no download.",
    );
  });
