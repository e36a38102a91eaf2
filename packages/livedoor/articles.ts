/**
 * The livedoor news corpus: an archive with a folder a site, text/smax, and in it a file an article,
 * smax-6507397.txt, of an address, a date, a title and the article's lines.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listed } from "../../lib/support/listed";
import { brief, remark } from "../../lib/support/printable";

const ADDRESS = "https://www.rondhuit.com/download/ldcc-20140209.tar.gz";
const REMEDY = `fetch ${ADDRESS} (9 MB; CC BY-ND 2.1 JP) and name its path; it need not be unpacked`;

/** The sites, which are the classes, in the order of their names. */
export const CATEGORIES = [
  "dokujo-tsushin",
  "it-life-hack",
  "kaden-channel",
  "livedoor-homme",
  "movie-enter",
  "peachy",
  "smax",
  "sports-watch",
  "topic-news",
] as const;
const ARTICLES = 7367;

export interface Article {
  /** Its file's name without .txt. */
  readonly id: string;
  readonly category: (typeof CATEGORIES)[number];
  readonly title: string;
  /** The lines after the title. */
  readonly body: string;
}

/** @throws with the file and the line if it is not made as an article is */
function articleOf(folder: string, category: Article["category"], file: string): Article {
  const [address, , title = "", ...body] = readFileSync(join(folder, category, file), "utf8").split(/\r?\n/);
  const fault = (line: number, value: string, wanted: string) =>
    new Error(
      `${category}/${file}, line ${line}: "${brief(value)}" is not ${wanted}: this is no article of the livedoor corpus; ${REMEDY}`,
    );
  if (!/^https?:\/\//.test(address)) throw fault(1, address, "the article's address");
  if (title.trim() === "" || title.includes("\ufffd")) throw fault(3, title, "its title in UTF-8");
  return { id: file.replace(/\.txt$/, ""), category, title: title.trim(), body: body.join("\n").trim() };
}

/** The articles of a folder that holds one for each site, by site and name. */
function articlesIn(folder: string, path: string): Article[] {
  const missing = CATEGORIES.filter((category) => !existsSync(join(folder, category)));
  if (missing.length > 0)
    throw new Error(`${path} is not the livedoor corpus: it has no folder ${listed(missing)}; ${REMEDY}`);
  return CATEGORIES.flatMap((category) => {
    const files = readdirSync(join(folder, category))
      .filter((file) => file.startsWith(`${category}-`) && file.endsWith(".txt")) // its licence stands there too
      .sort();
    if (files.length === 0)
      throw new Error(`${path}: the folder ${category} holds no ${category}-….txt; ${REMEDY}`);
    return files.map((file) => articleOf(folder, category, file));
  });
}

const within = (folder: string): string => (existsSync(join(folder, "text")) ? join(folder, "text") : folder);

/** What `read` gives of the archive's files, which lie in a folder of their own until then. */
function unpacked<T>(archive: string, read: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "komalab-livedoor-"));
  try {
    execFileSync("tar", ["-xzf", archive, "-C", folder], { stdio: ["ignore", "ignore", "pipe"] });
    return read(folder);
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer };
    if (code === "ENOENT")
      throw new Error(`${archive}: there is no command tar here to read it: unpack it, and name the folder`);
    if (stderr === undefined) throw error;
    const said = stderr.toString().trim().split("\n")[0];
    throw new Error(`${archive} is no whole .tar.gz (${brief(said)}): ${REMEDY}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The articles of ldcc-20140209.tar.gz, or of the folder that was unpacked from it, by site and name; another
 * number of them than that archive has is said.
 * @throws with the path or the file and line, and what to fetch, if it is not there or something else
 */
export function readArticles(path: string): Article[] {
  if (!existsSync(path)) throw new Error(`${path} is not there: ${REMEDY}`);
  const read = (folder: string) => articlesIn(within(folder), path);
  const articles = statSync(path).isDirectory() ? read(path) : unpacked(path, read);
  if (articles.length !== ARTICLES)
    remark(`${path} holds ${articles.length} articles; ldcc-20140209 has ${ARTICLES}`);
  return articles;
}
