/**
 * HTML that cannot be broken by what stands in it: html`<p>${text}</p>` escapes every value that is not HTML
 * itself.
 */
import { escapeHtml } from "../../lib/support/html";

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template; undefined and false are left out. */
type Part = Html | string | number | false | undefined | readonly Html[];

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  return typeof part === "string" || typeof part === "number"
    ? escapeHtml(String(part))
    : part.map((one) => one.text).join("");
}

/** A template of HTML, its values escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}
