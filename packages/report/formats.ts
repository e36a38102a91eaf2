/** A report as one file to send: HTML, PDF, DOCX, PPTX, LaTeX. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { type Notebook, summarise, VEGALITE_MIME } from "../notebook";
import { type Language, mailPage, notebookPart, type Part, partIn, titleIn } from "../page";
import { openBrowser, printPdf, type Slide, writeDocx, writeLatex, writePptx } from "../print";
import { formatSize } from "./index-page";

/** The command's options for them. */
export const formatOptions = {
  mail: { type: "boolean", default: false },
  pdf: { type: "boolean", default: false },
  docx: { type: "boolean", default: false },
  pptx: { type: "boolean", default: false },
  latex: { type: "boolean", default: false },
} as const;

type Wanted = { readonly [name in keyof typeof formatOptions]?: boolean };

/** A notebook as the report's page shows it, without its lines where the report is private. */
export interface Shown {
  readonly notebook: Notebook;
  readonly page: Parameters<typeof notebookPart>[1];
}

export interface Formats {
  readonly folder: string;
  readonly title: string;
  readonly index: (look: { readonly pictures: boolean }) => Part;
  readonly language?: Language;
  readonly weekly: Part | undefined;
  readonly shown: readonly Shown[];
  readonly onProgress: (words: string) => void;
}

/** Mail servers often refuse more than 20 MB, of which an attachment's coding takes a quarter. */
const MAIL_LIMIT = 12e6;

/** A title, a sentence or two and the key figure of each notebook that answers. */
const slidesOf = (shown: readonly Shown[], language: Language): Slide[] =>
  shown.flatMap(({ notebook, page }) => {
    const { title, question, answer, figure } = summarise(notebook, page.name);
    if (!answer) return [];
    const chart = figure?.data?.[VEGALITE_MIME] as Slide["chart"];
    const asked = language === "en" ? (question.en ?? question.ja) : (question.ja ?? question.en);
    return [
      {
        title: titleIn(title, language),
        ...(asked && { question: asked }),
        ...(answer.short && { key: answer.short }),
        answer: [
          answer[language],
          ...(page.failure
            ? [language === "en" ? "(not executed to its end)" : "（最後まで実行されていない）"]
            : []),
        ],
        ...(chart && { chart }),
      },
    ];
  });

/**
 * Writes the forms that are asked for. One that cannot be written is told, and the others are written.
 * @returns the names of the files in the folder
 */
export async function writeFormats(
  wanted: Wanted,
  { folder, title, index, weekly, shown, language = "ja", onProgress }: Formats,
): Promise<{ readonly files: readonly string[]; readonly faults: readonly string[] }> {
  const files: string[] = [],
    faults: string[] = [];
  const own = weekly ? [weekly] : [];
  const pages = (pictures: boolean) =>
    shown.map(({ notebook, page }) => notebookPart(notebook, { ...page, pictures }));
  const attempt = async (name: string, file: string, work: () => Promise<void>): Promise<void> => {
    onProgress(`writing ${file}`);
    try {
      await work();
      files.push(file);
    } catch (error) {
      faults.push(`--${name}: ${(error as Error).message.split("\n")[0]}`);
    }
  };
  if (wanted.mail)
    await attempt("mail", "report-mail.html", async () => {
      const path = join(folder, "report-mail.html");
      writeBeside(path, mailPage(title, [...own, index({ pictures: false }), ...pages(false)], language));
      const { size } = statSync(path);
      if (size > MAIL_LIMIT)
        faults.push(
          `--mail: report-mail.html has ${formatSize(size)}, more than the ${formatSize(MAIL_LIMIT)} that go by mail: take fewer notebooks (--only)`,
        );
    });
  // on paper the page of all answers would say twice what each notebook's says, but for a first look
  const document = () =>
    [...own, ...(shown.length > 1 ? [index({ pictures: false })] : []), ...pages(true)].map((part) =>
      partIn(part, part.language ?? language),
    );
  const browser =
    wanted.pdf || wanted.latex
      ? await openBrowser({ japaneseFont: "own name" }).catch((error: Error) => error)
      : undefined;
  try {
    if (wanted.pdf)
      await attempt("pdf", "report.pdf", async () => {
        if (browser === undefined || browser instanceof Error) throw browser;
        writeBeside(join(folder, "report.pdf"), await printPdf(browser, title, document()));
      });
    if (wanted.docx)
      await attempt("docx", "report.docx", () => writeDocx(title, document(), join(folder, "report.docx")));
    if (wanted.pptx)
      await attempt("pptx", "report.pptx", () =>
        writePptx(title, slidesOf(shown, language), join(folder, "report.pptx")),
      );
    if (wanted.latex)
      await attempt("latex", "latex/report.tex", () =>
        writeLatex(title, document(), {
          folder: join(folder, "latex"),
          browser: browser instanceof Error ? undefined : browser,
        }),
      );
  } finally {
    if (browser !== undefined && !(browser instanceof Error)) await browser.close();
  }
  return { files, faults };
}
