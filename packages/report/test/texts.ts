/** What a reader, or whoever opens a file with a program, finds in the files of a report. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textOfPdf } from "../../print/test/text";

const UNZIP = `
import sys, zipfile
package = zipfile.ZipFile(sys.argv[1])
for name in package.namelist():
    if not name.endswith((".png", ".jpg", ".jpeg")): sys.stdout.write(name + package.read(name).decode())
`;

/** Text of files in a folder and below, by their names; pictures are left out. */
export function textsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.flatMap(({ parentPath, name }) => {
      const path = join(parentPath, name),
        told = path.slice(folder.length + 1);
      if (/\.(png|jpe?g)$/.test(name)) return [];
      if (/\.(docx|pptx)$/.test(name))
        return [
          [told, execFileSync("python3", ["-c", UNZIP, path], { encoding: "utf8", maxBuffer: 1 << 26 })],
        ];
      const bytes = readFileSync(path);
      return [[told, name.endsWith(".pdf") ? bytes.toString("latin1") + textOfPdf(bytes) : bytes.toString()]];
    }),
  );
}
