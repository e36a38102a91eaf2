/**
 * The page's program: in-page.js with the code of komalab that it needs, the same that runs in Node, and
 * onnxruntime-web, as one script. What of a package reads files is left out, and asked for it is an error.
 */
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { projectRoot } from "../../lib/support/files";

/** Packages are entered by their index, of which most is not needed: modules count as free of effects. */
const needed: Plugin = {
  name: "what is needed alone",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "asked" || from.importer.includes("node_modules")) return undefined;
      const found = await resolve(path, { ...from, pluginData: "asked" });
      return { ...found, sideEffects: false };
    });
    onResolve({ filter: /^(node:|[a-z@][\w@/.-]*$)/ }, ({ path, importer, kind }) =>
      importer.includes("node_modules") || path.startsWith("onnxruntime-web/") || kind === "entry-point"
        ? undefined
        : { path, namespace: "of Node", sideEffects: false },
    );
    onLoad({ filter: /.*/, namespace: "of Node" }, () => ({ contents: "module.exports = {}", loader: "js" }));
  },
};

/**
 * A program for a page, as one script.
 * @throws with the module's name if it would need one of Node
 */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    inject: [join(__dirname, "engine.ts")],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
    absWorkingDir: projectRoot,
    plugins: [needed],
    logLevel: "silent",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const ofNode = Object.entries(inputs).flatMap(([name, { bytesInOutput }]) =>
    name.startsWith("of Node:") && bytesInOutput > 0 ? [name] : [],
  );
  if (ofNode.length > 0)
    throw new Error(`the demo's page would need ${ofNode.join(", ")}, which a browser has not`);
  return outputFiles[0].text;
}

let made: Promise<string> | undefined;

/** The text of the page's program, made once a process. */
export const pageProgram = (): Promise<string> => (made ??= bundle(join(__dirname, "in-page.js")));
