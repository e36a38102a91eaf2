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

/** Of a part that a damaged notebook makes something else than its type, nothing. */
function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return Array.isArray(part) ? part.map((one) => (one instanceof Html ? one.text : "")).join("") : "";
}

/** A template of HTML, its values escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}
